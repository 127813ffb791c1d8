"""What each role may do. A role is given for an area and holds in all that lies within it.

Deliberately absent: roles that include others. Whoever needs two is given two, and both are seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engage.identity.domain.areas import covers


class Role(StrEnum):
    """What somebody is trusted with, beyond being a resident."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area, from ``since`` until ``until`` (exclusive; None is without end)."""

    role: Role
    area: str
    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force at ``now``."""
        return self.since <= now and (self.until is None or now < self.until)


def in_force(grants: Iterable[Grant], role: Role | None, now: datetime) -> list[Grant]:
    """Those of ``grants`` that hold at ``now`` and give ``role``; None is any role."""
    return [grant for grant in grants if role in (None, grant.role) and grant.holds(now)]


def has_role(grants: Iterable[Grant], role: Role, area: str, now: datetime) -> bool:
    """Whether one of ``grants`` gives ``role`` in ``area`` at ``now``."""
    return any(covers(grant.area, area) for grant in in_force(grants, role, now))
