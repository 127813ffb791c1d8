"""A moderator's claim on a text: others see that somebody looks at it, until the claim lapses.

Deliberately absent: a clock, and anything that ends claims; one that lapsed is as good as none.
"""

from datetime import datetime, timedelta

LAPSES_AFTER = timedelta(minutes=15)


def lapses_at(claimed_at: datetime) -> datetime:
    """The first moment at which somebody else may claim it."""
    return claimed_at + LAPSES_AFTER


def holds(claimed_at: datetime | None, now: datetime) -> bool:
    """Whether a claim made at ``claimed_at`` is in force; None was never made.

    >>> made = datetime(2026, 5, 1, 12, 0)
    >>> holds(made, datetime(2026, 5, 1, 12, 14)), holds(made, datetime(2026, 5, 1, 12, 15))
    (True, False)
    """
    return claimed_at is not None and now < lapses_at(claimed_at)


def in_the_way(
    holder: object | None, claimed_at: datetime | None, by: object, now: datetime
) -> bool:
    """Whether the claim of ``holder`` keeps ``by`` from the text; nobody is in their own way."""
    return holder is not None and holder != by and holds(claimed_at, now)
