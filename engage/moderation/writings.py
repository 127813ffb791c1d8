"""Everything people write that moderators look at: each app registers its kind of text here.

Deliberately absent: any knowledge of posts, proposals or petitions. The desk asks a kind to show
its texts and to let one stand otherwise; the app's own services do it, with their own facts.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from engage.identity.models import User
from engage.identity.rules import Person
from engage.moderation.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """One text as moderators see it. ``space`` is where it stands, in words; ``source`` as typed.

    ``url`` leads to it where it is; ``context`` is what it answers, as plain text.
    """

    title: str
    html: SafeString
    source: str
    url: str
    space: str
    name: str
    at: datetime
    context: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text: ``show`` takes at most a handful of queries for any number of keys.

    ``let_stand`` brings one text to a standing inside the caller's transaction and publishes it.
    ``may_see`` says whether somebody may read it where it is; unless an app says so, nobody may.
    ``places`` lists where a moderator may move it to, as (key, words); ``move`` moves it, and
    ``lock`` closes what it belongs to (or opens it again). ``along`` names all texts that move with
    one; ``hold`` takes the locks of what these texts belong to, in one order.
    """

    name: str
    label: str | Promise
    show: Callable[[Collection[str]], Mapping[str, Shown]]
    let_stand: Callable[[str, Standing], None]
    may_see: Callable[[Person, str], bool] = field(default=lambda _person, _key: False)
    places: Callable[[User, str], list[tuple[str, str]]] = field(default=lambda _by, _key: [])
    move: Callable[[User, str, str], None] | None = None
    lock: Callable[[str, bool], None] | None = None
    along: Callable[[str], Collection[str]] = field(default=lambda key: (key,))
    hold: Callable[[Collection[str]], None] = field(default=lambda _keys: None)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Take ``kind`` to the desk from now on. Idempotent: a name counts once, the newest wins."""
    _kinds[kind.name] = kind


def withdraw(name: str) -> None:
    """Take it there no more; for tests that bring a kind of their own."""
    _kinds.pop(name, None)


def kinds() -> Mapping[str, Kind]:
    """All of them by name."""
    return _kinds
