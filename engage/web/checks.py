"""What production may not start without; ``manage.py check --deploy`` runs these."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from engage.web.palette import palette


@register(Tags.security, deploy=True)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a known key, a shared origin, one database for both, no limits, or lone mail codes."""
    people, ballots = settings.DATABASES["default"], settings.DATABASES["ballots"]
    wanted = [
        (settings.SECRET_KEY != settings.DEVELOPMENT_KEY, "E001", "SECRET_KEY is the known one."),
        (settings.SITE_ORIGIN.startswith("https://"), "E002", "SITE_ORIGIN is not https."),
        (settings.BOOTH_ORIGIN.startswith("https://"), "E003", "BOOTH_ORIGIN is not https."),
        (_host(settings.BOOTH_ORIGIN) != _host(settings.SITE_ORIGIN), "E004",
         "BOOTH_ORIGIN shares a host with SITE_ORIGIN: cookies would reach the ballot box."),
        (_place(people) != _place(ballots), "E005", "People and ballots share a database."),
        (settings.LIMITS, "E006", "LIMITS is off."),
        (not settings.DEVELOPMENT, "E008", "DEBUG is on."),
        (settings.TRUSTED_PROXIES > 0, "E009",
         "TRUSTED_PROXIES is 0: behind the proxy that brings https, all would be one visitor."),
        (settings.STAFF_SECOND_FACTOR, "E010", "STAFF_SECOND_FACTOR is off."),
    ]  # fmt: skip
    return [Error(text, id=f"engage.{number}") for holds, number, text in wanted if not holds]


@register()
def town_colour_can_be_read(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a town's colour that would make words unreadable, and name one that holds."""
    try:
        palette(settings.TOWN["colour"])
    except ValueError as refusal:
        return [Error(str(refusal), id="engage.E007")]
    return []


def _host(origin: str) -> str | None:
    return urlsplit(origin).hostname


def _place(database: dict[str, Any]) -> tuple[str, ...]:
    """Where a database lies, whichever way it is written."""
    if "sqlite3" in database["ENGINE"]:
        return (str(Path(database["NAME"]).resolve()),)
    return tuple(str(database[part]) for part in ("HOST", "PORT", "NAME"))
