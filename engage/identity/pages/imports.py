"""An import as its page shows it, the same to every administrator: numbers, and lines in words.

Deliberately absent: the forms around it, which are no part of what is sent to open pages.
"""

from typing import Any

from engage.identity.models import Import
from engage.identity.services.importing import UNDER_WAY, progress
from engage.identity.wording import WRONG_IN_A_ROW

LINES_SHOWN = 50


def import_page(found: Import) -> dict[str, Any]:
    """What the template shows of it."""
    version, _numbers = progress(found)
    shown = told(found, LINES_SHOWN)
    return {
        "one": found, "version": version, "under_way": found.state in UNDER_WAY, "told": shown,
        "untold": max(0, found.wrong - len(shown)),
        "percent": 100 * found.done / max(1, found.total),
    }  # fmt: skip


def told(found: Import, most: int) -> list[tuple[object, ...]]:
    """The first wrong lines: number, what is wrong in words, what stands there."""
    return [(line, WRONG_IN_A_ROW[code], text) for line, code, text in found.report[:most]]
