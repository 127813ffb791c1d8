"""The one table of what can be followed: who may, which gauges it has, how far back it is told.

A kind that is not in it cannot be followed by anybody. Functions here may read the database and
therefore run in a thread, never on the server's loop.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from engage.domain.topics import Topic
from engage.identity.models import User
from voting.models import Poll
from voting.rules import may_see_poll
from voting.selectors import poll_tally

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Reading:
    """A gauge's value now. ``version`` grows with every change."""

    version: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How topics of one kind are followed.

    ``may_follow`` must never be true for somebody who could not GET the same thing. A reader who
    is more than ``page`` facts behind is sent to the page instead of being told them all.
    """

    may_follow: Callable[[Person, Topic], bool]
    gauges: Callable[[Topic], Mapping[str, Reading]]
    page: int = 100


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


def _uuid(topic: Topic) -> uuid.UUID | None:
    """The topic's key as a UUID; None for any spelling but the canonical one."""
    try:
        key = uuid.UUID(topic.key)
    except ValueError:
        return None
    return key if str(key) == topic.key else None


KINDS: dict[str, Kind] = {
    "poll": Kind(may_follow=_may_follow_poll, gauges=_poll_gauges),
}
