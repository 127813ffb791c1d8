"""A mark of how a text stood and read when a moderator looked, so that none decides on another one.

Deliberately absent: what has changed; whoever finds another mark reads the text again.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256


def mark_of(standing: str, decided_at: datetime | None, words: Iterable[str]) -> str:
    """The same as long as nobody decides on the text and its author does not change it.

    >>> mark_of("shown", None, ["Ann", "Bo"]) == mark_of("shown", None, ["AnnBo"])
    False
    """
    decided = decided_at.isoformat() if decided_at else ""
    return _digest([standing, decided, *words])


def mark_of_all(marks: Iterable[str]) -> str:
    """The same for several texts together, in whatever order."""
    return _digest(sorted(marks))


def _digest(parts: Iterable[str]) -> str:
    """The length of each part goes in, too, so that none can end where another begins."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(told.encode(errors="surrogatepass")).hexdigest()
