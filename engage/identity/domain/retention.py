"""Until when things are kept: days after the moment that ends their use, and not a moment longer.

Days of 24 hours, not calendar years, so that the boundary is the same for everybody. Deliberately
absent: where the rows are; ``services.forgetting`` knows.
"""

from datetime import date, datetime, timedelta
from enum import Enum


class Kept(Enum):
    """What ends by itself, and how many days after its use ended."""

    LETTERS = 0, "letters"
    CLAIMS = 0, "claims"
    SESSIONS = 0, "sessions"
    LEFT_SESSIONS = 0, "left-sessions"
    PICTURES = 1, "pictures"
    NETWORKS = 7, "networks"
    IMPORTS = 30, "imports"
    UNCONFIRMED = 30, "unconfirmed"
    DISCLOSURES = 365, "disclosures"
    ROLES = 730, "roles"
    OPERATORS = 730, "operators"
    ASSISTANCES = 1_095, "assistances"
    CONSENTS = 1_095, "consents"

    @property
    def days(self) -> int:
        return self.value[0]

    @property
    def title(self) -> str:
        return self.value[1]


def cutoff(kept: Kept, now: datetime) -> datetime:
    """Whatever ended at this moment or before it goes now.

    >>> cutoff(Kept.DISCLOSURES, datetime(2026, 3, 1, 12, 0))
    datetime.datetime(2025, 3, 1, 12, 0)
    """
    return now - timedelta(days=kept.days)


def cutoff_day(kept: Kept, today: date) -> date:
    """The same for what is dated by the day: whatever ended on this day or before it goes today."""
    return today - timedelta(days=kept.days)


def is_due(kept: Kept, ended: datetime | None, now: datetime) -> bool:
    """Whether it goes now; what has not ended (None) never does.

    >>> is_due(Kept.LETTERS, None, datetime(2026, 3, 1))
    False
    """
    return ended is not None and ended <= cutoff(kept, now)


def ends_at(kept: Kept, ended: datetime) -> datetime:
    """The first moment at which it is due."""
    return ended + timedelta(days=kept.days)
