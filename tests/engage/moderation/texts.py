"""Texts at the desk for tests of its lists and of its authors' side: rows, without a forum.

The kind ``note`` shows what it is asked for; whoever is in ``unseen`` may not see any of it.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from engage.identity.models import Area, RoleGrant, User
from engage.moderation import writings
from engage.moderation.models import Decision, Flag, Item, Reason
from tests.voting import polls

_numbers = itertools.count(1)
HOSTILE = "Ash\r\nBcc: all@town.example\u202e\u2066<script>alert(1)</script>"


@contextmanager
def notes(title: str = "Trees", unseen: tuple[User, ...] = ()) -> Iterator[writings.Kind]:
    """A kind of text that this town has for one test."""

    def show(keys):
        return {
            key: writings.Shown(
                title=title, html=mark_safe(f"<p>{escape(title)} {key}</p>"), source=title,
                url=f"/notes/{key}/", space="Notes", name="Ann", at=timezone.now(),
            )
            for key in keys
        }  # fmt: skip

    known = {field.name for field in fields(writings.Kind)}
    more = {"may_see": lambda person, _key: person not in unseen} if "may_see" in known else {}
    kind = writings.Kind("note", "Note", show, lambda _key, _standing: None, **more)
    writings.register(kind)
    try:
        yield kind
    finally:
        writings.withdraw("note")


def item(author: User | None, *, ago: timedelta = timedelta(), **more: Any) -> Item:
    """A text of ``author``, written so long ago."""
    values = {"kind": "note", "standing": "shown", "written_at": timezone.now() - ago} | more
    return Item.objects.create(key=str(next(_numbers)), author=author, **values)


def objected(
    text: Item, *, by: User | None = None, upheld: bool | None = None, **more: Any
) -> Flag:
    return Flag.objects.create(
        item=text, by=by or polls.person(), why="insult", upheld=upheld, **more
    )


def decided(text: Item, *, verb: str = "hide", **more: Any) -> Decision:
    """A decision with its statement, as the desk keeps it."""
    values = {
        "why": "It insults somebody", "rule": "Rule 2", "before": "shown", "after": "hidden",
        "statement": "We hid your text.\n\nWrite it again without the insult.",
        "by": polls.person("moderator"),
    } | more  # fmt: skip
    return Decision.objects.create(item=text, verb=verb, **values)


def reason(code: str = "insult", language: str = "en", **more: Any) -> Reason:
    values = {"title": "It insults somebody", "statement": "Your text insults somebody."} | more
    return Reason.objects.create(code=code, language=language, **values)


def known_for(days: int, texts: int, **more: Any) -> User:
    """Somebody who came ``days`` ago and of whom ``texts`` were accepted."""
    person = polls.person(**more)
    User.objects.filter(pk=person.pk).update(joined_on=timezone.localdate() - timedelta(days=days))
    for _ in range(texts):
        item(person, ago=timedelta(days=2))
    return User.objects.get(pk=person.pk)


def trusted(role: str, area: Area | None = None) -> User:
    """Somebody with a role in ``area``; None is the whole town."""
    person = polls.person()
    RoleGrant.objects.create(person=person, role=role, area=area)
    return person
