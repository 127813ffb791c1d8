"""A desk for tests: a kind of text whose standing is kept here, people who write and who moderate.

Deliberately absent: forums; whatever people write comes to the desk in the same way.
"""

import itertools
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from engage.identity.models import Area, RoleGrant, User
from engage.moderation import writings
from engage.moderation.models import Item, Reason
from engage.moderation.services.receiving import enter, look_over

_numbers = itertools.count(1)
KIND = "leaf"


class Leaves:
    """What the app of the texts knows: how each stands, which are locked, what was moved where."""

    def __init__(self):
        self.stands: dict[str, str] = {}
        self.locked: dict[str, bool] = {}
        self.moved: list[tuple[str, str]] = []
        self.asked = 0
        self.unseen: set = set()

    def show(self, keys):
        self.asked += 1
        return {
            key: writings.Shown(
                title=f"Leaf {key}", html=format_html("<p>{}</p>", key), source=key,
                url=f"/leaves/{key}/", space="Leaves", name="Ann", at=timezone.now(),
            )
            for key in keys
        }  # fmt: skip

    def let_stand(self, key, standing):
        self.stands[key] = standing

    def move(self, by, key, place):
        self.moved.append((key, place))

    def lock(self, key, on):
        self.locked[key] = on


@contextmanager
def leaves():
    """The kind ``leaf``, for one test."""
    kept = Leaves()
    kind = writings.Kind(
        KIND, "Leaf", kept.show, kept.let_stand,
        may_see=lambda person, _key: person.pk not in kept.unseen,
        places=lambda _by, _key: [("9", "Somewhere else")], move=kept.move, lock=kept.lock,
    )  # fmt: skip
    writings.register(kind)
    try:
        yield kept
    finally:
        writings.withdraw(KIND)


def resident(name: str = "", days: int = 100) -> User:
    """Somebody who has been here for so many days."""
    person = User.objects.create_user(f"r{next(_numbers)}@town.example", display_name=name)
    joined = timezone.localdate() - timedelta(days=days)
    User.objects.filter(pk=person.pk).update(joined_on=joined)
    return User.objects.get(pk=person.pk)


def moderator(area: Area | None = None, name: str = "") -> User:
    """Somebody who moderates ``area``; None is the whole town."""
    person = resident(name)
    RoleGrant.objects.create(person=person, role="moderator", area=area)
    return User.objects.get(pk=person.pk)


def areas() -> tuple[Area, Area, Area]:
    """The city, and two parts of it."""
    city = Area.objects.get_or_create(path="eddersford", name="Eddersford", kind="city")[0]
    kept = [
        Area.objects.get_or_create(
            path=f"eddersford/{path}", defaults={"name": path, "kind": "district", "parent": city}
        )[0]
        for path in ("millbank", "northgate")
    ]
    return city, kept[0], kept[1]


def write(
    text: str = "The bench at the weir is broken.",
    *,
    author: User | None = None,
    area: Area | None = None,
    key: str = "",
    **more,
) -> Item:
    """Write a text as an app does: looked over, stored, entered."""
    author = author or resident()
    with transaction.atomic():
        verdict = look_over(
            kind=KIND, text=text, author=author, area=area, language="en", key=key, **more
        )
        key = key or str(next(_numbers))
        kind = writings.kinds().get(KIND)
        if kind:
            kind.let_stand(key, verdict.standing)
        return enter(kind=KIND, key=key, author=author, area=area, verdict=verdict)


def held(**more) -> Item:
    """A text that waits for a moderator."""
    return write(held_by_space=True, **more)


def reason(**more) -> Reason:
    values = {
        "code": f"reason-{next(_numbers)}", "language": "en", "title": "It insults somebody",
        "rule": "Rule 2", "statement": "Your text insults somebody.",
    }  # fmt: skip
    return Reason.objects.create(**values | more)
