"""What a page may say over its socket, read strictly: follow, unfollow, seen.

Deliberately absent: acting. Whoever wants to change something does so by HTTP. No message names
a handler, a channel or a group, so none can be called by name.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from engage.domain.errors import DomainError
from engage.domain.topics import Topic

MAX_BYTES = 4096
MAX_TOPICS = 20
_PLACE = re.compile(r"([a-z0-9.-]{3,90})(?::(0|[1-9][0-9]{0,15}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell me of ``topic``: all after fact number ``since``, or from now on if it is None."""

    topic: Topic
    since: int | None


@dataclass(frozen=True, slots=True)
class Unfollow:
    """Tell me of ``topic`` no more."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Seen:
    """I hold every fact of ``topic`` up to ``since``; a page says so when it notices a gap."""

    topic: Topic
    since: int


Request = Follow | Unfollow | Seen


def parse_place(text: Any) -> Follow:
    """``poll.<uuid>:12`` or ``poll.<uuid>``.

    Raises DomainError("socket.malformed").

    >>> parse_place("thread.7:12")
    Follow(topic=Topic(kind='thread', key='7'), since=12)
    """
    found = _PLACE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise malformed()
    try:
        topic = Topic.parse(found[1])
    except DomainError as error:
        raise malformed() from error
    return Follow(topic, None if found[2] is None else int(found[2]))


def parse_places(text: str) -> list[Follow]:
    """The handshake's list, comma separated: 1 to 20 different topics.

    Raises DomainError("socket.malformed").
    """
    places = [parse_place(part) for part in text.split(",", MAX_TOPICS)]
    if len(places) > MAX_TOPICS or len({place.topic for place in places}) < len(places):
        raise malformed()
    return places


def parse_request(text: str) -> Request:
    """One message: a JSON object with exactly one of the three words.

    Raises DomainError("socket.too-long"), DomainError("socket.malformed").

    >>> parse_request('{"unfollow": "thread.7"}')
    Unfollow(topic=Topic(kind='thread', key='7'))
    """
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise DomainError("socket.too-long", "A message was too long.")
    match _object(text):
        case {"follow": place}:
            return parse_place(place)
        case {"unfollow": topic} if (place := parse_place(topic)).since is None:
            return Unfollow(place.topic)
        case {"seen": place} if (seen := parse_place(place)).since is not None:
            return Seen(seen.topic, seen.since)
    raise malformed()


def malformed() -> DomainError:
    """The one refusal for everything that is not understood; it repeats nothing of it."""
    return DomainError("socket.malformed", "A message was not understood.")


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise malformed() from error
    if not isinstance(value, dict) or len(value) != 1:
        raise malformed()
    return value
