"""The one table of what can be followed: who may, which gauges it has, how far back it is told.

A kind that is not in it cannot be followed by anybody. Functions here may read the database and
therefore run in a thread, never on the server's loop.
"""

import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from engage.domain.topics import Topic
from engage.identity.models import Import, User
from engage.identity.pages.imports import import_page
from engage.identity.participants import STRANGER
from engage.identity.rules import may_administer, may_moderate
from engage.identity.services.importing import progress
from engage.moderation.pages import desk
from engage.moderation.selectors.desk import area_of_topic
from forums.models import Thread
from forums.pages import live as threads_live
from forums.rules import may_read_thread
from forums.services.writing_now import GAUGE as WRITING
from forums.services.writing_now import writing_now
from voting.models import Poll
from voting.pages import poll_page
from voting.rules import may_see_poll
from voting.selectors import poll_tally, present_phase

Person = User | AnonymousUser

MOST_HTML = 32_000
"""Bytes of html with one fact: a slow phone shall not be behind by half a minute at once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A gauge's value now. ``version`` grows with every change."""

    version: int
    data: Mapping[str, Any]


Parts = Mapping[str, str]
"""Html by the name of the part of the page that it is; one that lacks: the page fetches it."""


def _all_of_it(_kind: str, _data: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How topics of one kind are followed.

    ``may_follow`` must never be true for somebody who could not GET the same thing. A reader who
    is more than ``page`` facts behind is sent to the page instead of being told them all.
    ``part(kind, data)`` names the part of the page that a fact changes; by itself there is one, all
    that any fact changes, and its name is empty.
    ``html(topic, parts)`` renders, in the language in force, each of ``parts`` as it is now, in a
    number of queries that does not grow with theirs: elements with ids, the same for everybody who
    may follow, without forms. What it leaves out, or all without any ``html``, the page fetches.
    ``presence``: whether it is told how many follow.
    """

    may_follow: Callable[[Person, Topic], bool]
    gauges: Callable[[Topic], Mapping[str, Reading]]
    page: int = 100
    html: Callable[[Topic, Collection[str]], Parts] | None = None
    part: Callable[[str, Mapping[str, Any]], str] = _all_of_it
    presence: bool = False


def _may_follow_poll(person: Person, topic: Topic) -> bool:
    key = _uuid(topic)
    poll = Poll.objects.filter(pk=key).first() if key else None
    return poll is not None and may_see_poll(person, poll)


def _poll_gauges(topic: Topic) -> dict[str, Reading]:
    key = _uuid(topic)
    if key is None:
        return {}
    tally = poll_tally(key)
    return {"tally": Reading(tally["version"], tally)}


def _poll_html(topic: Topic, parts: Collection[str]) -> Parts:
    """As a stranger's page shows it; what is personal there is not in it.

    Of a result that is too long only the line that says so: a link leads to it, and thousands of
    pages need not fetch themselves in the same second.
    """
    key = _uuid(topic)
    poll = Poll.objects.filter(pk=key).first() if key else None
    if poll is None or not may_see_poll(AnonymousUser(), poll):
        return {}
    context = poll_page(poll, present_phase(poll), STRANGER)
    whole = render_to_string("voting/_live.html", context)
    told = whole if fits(whole) else render_to_string("voting/_kind.html", context)
    return dict.fromkeys(parts, told)


def _may_follow_import(person: Person, topic: Topic) -> bool:
    return may_administer(person) and _import(topic) is not None


def _import_gauges(topic: Topic) -> dict[str, Reading]:
    found = _import(topic)
    return {"progress": Reading(*progress(found))} if found else {}


def _import_html(topic: Topic, parts: Collection[str]) -> Parts:
    found = _import(topic)
    if found is None:
        return {}
    return dict.fromkeys(parts, render_to_string("office/_imports_live.html", import_page(found)))


def _import(topic: Topic) -> Import | None:
    key = _uuid(topic)
    return Import.objects.defer("rows").filter(pk=key).first() if key else None


def _may_follow_thread(person: Person, topic: Topic) -> bool:
    key = _number(topic)
    found = Thread.objects.select_related("category").filter(pk=key).first() if key else None
    return found is not None and may_read_thread(person, found)


def _thread_gauges(topic: Topic) -> dict[str, Reading]:
    key = _number(topic)
    reading = writing_now(key) if key else None
    return {WRITING: Reading(*reading)} if reading else {}


def _thread_html(topic: Topic, parts: Collection[str]) -> Parts:
    key = _number(topic)
    return threads_live.thread_parts(key, parts) if key else {}


def fits(html: str) -> bool:
    """Whether it is short enough to be sent with a fact."""
    return len(html.encode()) <= MOST_HTML


def _uuid(topic: Topic) -> uuid.UUID | None:
    """The topic's key as a UUID; None for any spelling but the canonical one."""
    try:
        key = uuid.UUID(topic.key)
    except ValueError:
        return None
    return key if str(key) == topic.key else None


def _number(topic: Topic) -> int | None:
    """The topic's key as a row's number; None for any spelling but the canonical one."""
    known = re.fullmatch(r"[1-9][0-9]{0,17}", topic.key)
    return int(topic.key) if known else None


def _may_follow_desk(person: Person, topic: Topic) -> bool:
    area = area_of_topic(str(topic))
    return area is not None and may_moderate(person, area)


def _desk_html(topic: Topic, parts: Collection[str]) -> Parts:
    area = area_of_topic(str(topic))
    return {} if area is None else desk.desk_parts(area, parts)


def _no_gauges(_topic: Topic) -> dict[str, Reading]:
    return {}


KINDS: dict[str, Kind] = {
    "poll": Kind(_may_follow_poll, _poll_gauges, html=_poll_html, presence=True),
    "import": Kind(_may_follow_import, _import_gauges, html=_import_html),
    "desk": Kind(_may_follow_desk, _no_gauges, html=_desk_html, part=desk.part_of),
    "thread": Kind(
        _may_follow_thread, _thread_gauges,
        html=_thread_html, part=threads_live.part_of, presence=True,
    ),
}  # fmt: skip
