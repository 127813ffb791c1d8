"""What production may not start without; ``manage.py check --deploy`` runs these."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from engage.web.palette import palette


@register(Tags.security, deploy=True)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a known key, a shared origin, one database for people and ballots, or no limits."""
    people, ballots = settings.DATABASES["default"], settings.DATABASES["ballots"]
    wanted = [
        (settings.SECRET_KEY != settings.DEVELOPMENT_KEY, "E001", "SECRET_KEY is the known one."),
        (settings.SITE_ORIGIN.startswith("https://"), "E002", "SITE_ORIGIN is not https."),
        (settings.BOOTH_ORIGIN.startswith("https://"), "E003", "BOOTH_ORIGIN is not https."),
        (_host(settings.BOOTH_ORIGIN) != _host(settings.SITE_ORIGIN), "E004",
         "BOOTH_ORIGIN shares a host with SITE_ORIGIN: cookies would reach the ballot box."),
        ((people["USER"], people["HOST"], people["PORT"], people["NAME"])
         != (ballots["USER"], ballots["HOST"], ballots["PORT"], ballots["NAME"]), "E005",
         "People and ballots share a database."),
        (settings.LIMITS, "E006", "LIMITS is off."),
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


def _host(origin: str) -> str:
    return origin.split("://")[1].split(":", maxsplit=1)[0]
