"""What the database says of topics: the only reads behind a socket, each made in a thread.

Channel-layer messages are hints that may be lost, doubled or late; everybody ends right because
these answers are asked for at the handshake, for slow readers, and every few seconds.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from engage.domain.topics import Topic
from engage.journal import selectors
from engage.journal.listeners import Fact
from realtime.people import people
from realtime.topics import KINDS, Reading


@dataclass(frozen=True, slots=True)
class Survey:
    """A topic as it stands: may strangers follow it, its last fact's number, its gauges."""

    public: bool
    head: int
    gauges: Mapping[str, Reading]


def is_public(topic: Topic) -> bool:
    """Whether somebody without an account may follow ``topic``."""
    return KINDS[topic.kind].may_follow(AnonymousUser(), topic)


def allowed(topic: Topic, sessions: Collection[str]) -> set[str]:
    """Those of the sessions whose person may follow ``topic`` at this moment."""
    may_follow = KINDS[topic.kind].may_follow
    return {session for session, person in people(sessions).items() if may_follow(person, topic)}


def survey(topics: Collection[Topic]) -> dict[str, Survey]:
    """Each topic as it stands; one query for the journal, and what the gauges themselves need."""
    heads = selectors.heads(topics)
    return {
        str(topic): Survey(is_public(topic), heads[str(topic)], KINDS[topic.kind].gauges(topic))
        for topic in topics
    }


def facts(topic: Topic, since: int, limit: int) -> list[Fact]:
    """The facts after number ``since``, in order."""
    return [
        Fact(entry.topic, entry.sequence, entry.kind, entry.data)
        for entry in selectors.since(topic, since, limit)
    ]
