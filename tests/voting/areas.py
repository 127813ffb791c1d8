"""A small town of areas, and people of whom something is known in one of them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, RoleGrant, User
from tests.voting import polls

TOWN, HERE, ELSEWHERE, STREET = "town", "town/millbank", "town/hilltop", "town/millbank/weir"
NAMES = {TOWN: "Eddersford", HERE: "Millbank", ELSEWHERE: "Hilltop", STREET: "Weir Lane"}
KINDS = ("city", "district", "ward")


def area(path: str = HERE) -> Area:
    """The area and all that it lies in."""
    parent = area(path.rpartition("/")[0]) if "/" in path else None
    made, _new = Area.objects.get_or_create(
        path=path, defaults={"name": NAMES[path], "kind": KINDS[path.count("/")], "parent": parent}
    )
    return made


def resident(
    path: str = HERE, level: Level = Level.ADDRESS, born: date | None = None, **fields: Any
) -> User:
    """An account whose claim of ``level`` says that they live there."""
    person = polls.person(**fields)
    know(person, path, level, born)
    return person


def know(
    person: User,
    path: str = HERE,
    level: Level = Level.ADDRESS,
    born: date | None = None,
    until: datetime | None = None,
) -> Claim:
    since = timezone.now() - timedelta(minutes=1)  # the database's clock may know whole seconds
    return Claim.objects.create(
        person=person, level=level, area=area(path), born_on=born, source="test",
        made_at=since, expires_at=until,
    )  # fmt: skip


def staff(role: str, path: str | None = HERE) -> User:
    """Somebody who has ``role`` there and nowhere else."""
    person = polls.person()
    RoleGrant.objects.create(person=person, role=role, area=area(path) if path else None)
    return person
