"""How much an account may do in an hour: four levels, grown by time and by texts that stood.

Deliberately absent: anything hidden. What is here is what everybody reads on the page of limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

WINDOW = timedelta(hours=1)
STANDS_AFTER = timedelta(days=1)
"""A text counts as accepted once it has been shown for so long."""
WEIGHS_FOR = timedelta(days=90)
"""So long a text that readers rightly objected to weighs against its author."""
OBJECTION_COSTS = 5
"""So many accepted texts are taken off for each of those."""


class Level(IntEnum):
    """How far an account is trusted; it may always come back to where it was."""

    NEW = 0
    KNOWN = 1
    TRUSTED = 2
    REGULAR = 3


class What(StrEnum):
    """What is counted."""

    POSTS = "posts"
    LINKS = "links"
    PICTURES = "pictures"
    MENTIONS = "mentions"
    FLAGS = "flags"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a level asks for: days since the account was made, and texts that were accepted."""

    days: int
    texts: int


NEEDS: dict[Level, Needs] = {
    Level.NEW: Needs(0, 0),
    Level.KNOWN: Needs(2, 3),
    Level.TRUSTED: Needs(14, 15),
    Level.REGULAR: Needs(90, 60),
}
LIMITS: dict[Level, dict[What, int]] = {
    level: dict(zip(What, numbers, strict=True))
    for level, numbers in {
        Level.NEW: (10, 3, 3, 5, 5),
        Level.KNOWN: (20, 10, 10, 15, 15),
        Level.TRUSTED: (40, 30, 20, 30, 30),
        Level.REGULAR: (80, 60, 40, 60, 60),
    }.items()
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an author: days here, texts accepted, and those rightly objected to."""

    days: int
    accepted: int
    objected: int = 0

    @property
    def counted(self) -> int:
        """The accepted texts that count, never fewer than none."""
        return max(0, self.accepted - OBJECTION_COSTS * self.objected)


def level_of(standing: Standing) -> Level:
    """The highest level of which everything that it asks for is there.

    >>> level_of(Standing(days=30, accepted=20)), level_of(Standing(30, 20, objected=2))
    (<Level.TRUSTED: 2>, <Level.KNOWN: 1>)
    """
    return max(
        level
        for level, needs in NEEDS.items()
        if standing.days >= needs.days and standing.counted >= needs.texts
    )


def missing_to_next(standing: Standing) -> Needs | None:
    """The days and the accepted texts that the next level still asks for; None at the last."""
    level = level_of(standing)
    if level is Level.REGULAR:
        return None
    needs = NEEDS[Level(level + 1)]
    days, texts = needs.days - standing.days, needs.texts - standing.counted
    return Needs(max(0, days), max(0, texts))


def wait(used: Iterable[tuple[datetime, int]], asked: int, limit: int, now: datetime) -> int:
    """The seconds until ``asked`` more keep within ``limit`` in any hour; 0 if they do now.

    ``used`` is what was done and when, the oldest first. What is more than a whole hour's limit
    never fits: then it is the whole hour. Nothing asked is nothing to wait for.
    """
    if asked <= 0:
        return 0
    if asked > limit:
        return int(WINDOW.total_seconds())
    counted = [(at, amount) for at, amount in used if at > now - WINDOW and amount > 0]
    over = sum(amount for _at, amount in counted) + asked - limit
    if over <= 0:
        return 0
    for at, amount in counted:
        over -= amount
        if over <= 0:
            return max(1, -int((now - at - WINDOW) // timedelta(seconds=1)))
    raise AssertionError("all that was used is more than fits, and without it there is room")
