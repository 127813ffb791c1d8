"""The town as every page shows it: set in the office, else in the environment.

Kept for a minute in the cache and for a second in this process, so that no page asks for it.
Deliberately absent: an answer that fails. While the database is away, what was known last counts.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError

from engage.web.models import Text, Town

KEY = "web.town"
KEPT_S = 60
REMEMBERED_S = 1.0

Kept = dict[str, Any]
NOTHING: Kept = {"town": {}, "texts": {}}


@dataclass(frozen=True)
class Present:
    """What pages say of the town. ``texts`` are the titles of what is published: slug, language."""

    name: str
    office: str
    colour: str
    currency: str
    texts: Mapping[str, Mapping[str, str]]

    @property
    def look(self) -> str:
        """The version of the town's stylesheet: another colour has another address."""
        return self.colour.removeprefix("#")


class _Memory:
    """What this process knew last, and until when it need not ask."""

    kept: Kept = NOTHING
    until = float("-inf")


def present_town() -> Present:
    """The town now; the database is asked once a minute at most, by whoever comes first."""
    if time.monotonic() >= _Memory.until:
        _remember(cache.get(KEY) or _read())
    return _present(_Memory.kept)


def remembered_town() -> Present:
    """The town without asking the database: for pages that say that it is away."""
    if time.monotonic() >= _Memory.until:
        return _present(cache.get(KEY) or _Memory.kept)
    return _present(_Memory.kept)


def renew_town() -> None:
    """Show what was saved: here at once, in every other process within a second."""
    kept = _asked()
    cache.set(KEY, kept, KEPT_S)
    _remember(kept)


def forget_town() -> None:
    """Ask again, whatever is kept."""
    cache.delete(KEY)
    _Memory.kept, _Memory.until = NOTHING, float("-inf")


def _read() -> Kept:
    try:
        kept = _asked()
    except (OperationalError, InterfaceError):
        return _Memory.kept
    cache.add(KEY, kept, KEPT_S)  # never over what somebody has saved in the meantime
    return kept


def _asked() -> Kept:
    texts: dict[str, dict[str, str]] = {}
    newest_last = Text.objects.order_by("version").values_list("slug", "language", "title")
    for slug, language, title in newest_last:
        texts.setdefault(slug, {})[language] = title
    town = Town.objects.values("name", "office", "colour", "currency").first()
    return {"town": town or {}, "texts": texts}


def _remember(kept: Kept) -> None:
    _Memory.kept, _Memory.until = kept, time.monotonic() + REMEMBERED_S


def _present(kept: Kept) -> Present:
    return Present(**{**settings.TOWN, **kept["town"]}, texts=kept["texts"])
