"""A topic as one process follows it: its readers, how far each was told, the newest gauges.

Everything here happens on the server's loop, and what is told is told at once; nothing is read
from a database or a channel layer. ``realtime.hub`` does that.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from engage.domain.topics import Topic
from realtime.domain import envelope
from realtime.domain.envelope import Frame, Frames
from realtime.domain.pace import GAUGE_INTERVAL_S, Newest
from realtime.follower import Follower
from realtime.sending import Crowd, Sender
from realtime.topics import Reading

BEATS = 8
QUIET_S = 3.0


class Room:
    """``followers`` maps each reader to the number of the last fact it was sent.

    ``guests`` are on their way in and keep the room open; ``steps`` are those of opening it.
    """

    def __init__(self, topic: Topic, page: int, sender: Sender) -> None:
        self.topic, self.name, self.page, self.sender = topic, str(topic), page, sender
        self.followers: dict[Follower, int] = {}
        self._everybody: Readers | None = None
        self._by_language: dict[str, Readers] | None = None
        self.head = 0
        self.public = False
        self.gauges: dict[str, Newest[Mapping[str, Any]]] = {}
        self._framed: dict[str, tuple[Any, Frame]] = {}
        self.told_at = float("-inf")
        self.guests = 0
        self.steps: dict[str, asyncio.Task[None]] = {}

    async def once(self, name: str, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Take a step of opening once, for all who come while it is taken.

        One that failed is taken again by whoever comes next.
        """
        taken = self.steps.get(name)
        if taken is None or (taken.done() and (taken.cancelled() or taken.exception())):
            taken = self.steps[name] = asyncio.ensure_future(step())
        await asyncio.shield(taken)

    def admit(self, follower: Follower, since: int | None) -> None:
        """Tell ``follower`` all after ``since`` (None: from now on), and the gauges at once."""
        follower.rooms[self.name] = self
        self._everybody = self._by_language = None
        self.followers[follower] = self.head if since is None else since
        for name in self.gauges:
            follower.put(self._gauge(name))
        self._place(follower)

    def go_back(self, follower: Follower, since: int) -> None:
        """The page holds less than it was sent; tell it again from there."""
        if since < self.followers.get(follower, 0):
            self.followers[follower] = since
            self._place(follower)

    def dismiss(self, follower: Follower) -> None:
        self.followers.pop(follower, None)
        self._everybody = self._by_language = None
        follower.rooms.pop(self.name, None)

    def fact(self, sequence: int, frames: Frames, now: float) -> None:
        """News of one fact. Who lacks the one before it is left behind, to be caught up."""
        if sequence <= self.head:
            return
        self.head, self.told_at = sequence, now
        before = sequence - 1
        behind = any(at != before for at in self.followers.values())
        for language, (followers, outlets) in self.by_language.items():
            frame = frames.get(language) or frames[""]
            if behind:
                followers = [f for f in followers if self.followers[f] == before]
                followers, outlets = _beside_outlets(followers)
            self._tell(followers, outlets, sequence, frame)

    def replay(self, facts: Sequence[tuple[int, Frames]]) -> None:
        """Tell facts read from the journal, in order, to all who lack them and hold the one before.

        Those who stand at the same place are told together; the others cost nothing.
        """
        self.head = max([self.head, *(sequence for sequence, _frames in facts)])
        waiting: dict[tuple[int, str], list[Follower]] = {}
        for follower, at in self.followers.items():
            if at < self.head:
                waiting.setdefault((at, follower.language), []).append(follower)
        for (at, language), followers in waiting.items():
            told = followers
            for sequence, frames in facts:
                if told and sequence == at + 1:
                    frame = frames.get(language) or frames[""]
                    told, at = self._tell(*_beside_outlets(told), sequence, frame), sequence
            for follower in followers:
                self._place(follower)

    def behind(self) -> list[Follower]:
        """Those who lack facts and have room for them; who lacks too many is sent to the page."""
        for follower in [f for f, at in self.followers.items() if at < self.head - self.page]:
            self._send_to_page(follower)
        lacking = [f for f, at in self.followers.items() if at < self.head]
        for follower in lacking:
            if follower.outlet.full:
                follower.behind(follower)
        return [follower for follower in lacking if not follower.outlet.full]

    def own_up(self) -> None:
        """Say how many facts there are to those who lack some: their pages stop looking live."""
        for follower in self.behind():
            follower.put(self._mark())

    def start(self, followers: Iterable[Follower]) -> int:
        """The smallest number any of them was told."""
        return min(self.followers[follower] for follower in followers)

    def offer(
        self, name: str, reading: Reading, now: float, interval: float = GAUGE_INTERVAL_S
    ) -> float | None:
        """A gauge's reading; when it should be sent, or None (old, unchanged, or arranged)."""
        newest = self.gauges.setdefault(name, Newest(interval))
        return newest.offer(reading.version, reading.data, now)

    def send_gauge(self, name: str, now: float) -> None:
        """The newest reading to everybody; those who have no room for it skip it."""
        if self.gauges[name].take(now) is None:
            return
        frame, self.told_at = self._gauge(name), now
        self._send(*self.everybody, frame)

    def make_good(self, follower: Follower) -> None:
        """What a reader missed of the gauges while it had no room."""
        for name in self.gauges:
            follower.put(self._gauge(name))

    def beat(self, turn: int, now: float) -> None:
        """A sign of life for some of the readers, unless all just had one."""
        if now - self.told_at < QUIET_S:
            return
        head = self.head
        due = [f for f, at in self.followers.items() if f.turn == turn and at == head]
        self._send(*_beside_outlets(due), self._mark())

    def _tell(
        self, followers: list[Follower], outlets: Crowd, sequence: int, frame: Frame
    ) -> list[Follower]:
        """Send fact number ``sequence``; those who had room for it now hold it."""
        missed = set(self._send(followers, outlets, frame))
        told = [f for f in followers if f not in missed] if missed else followers
        self.followers.update(dict.fromkeys(told, sequence))
        return told

    @property
    def everybody(self) -> "Readers":
        """All followers beside their outlets; the same objects until somebody comes or goes."""
        if self._everybody is None:
            self._everybody = _beside_outlets(list(self.followers))
        return self._everybody

    @property
    def by_language(self) -> "dict[str, Readers]":
        """The same by the language of their html; of one language it is everybody."""
        if self._by_language is None:
            groups: dict[str, list[Follower]] = {}
            for follower in self.followers:
                groups.setdefault(follower.language, []).append(follower)
            self._by_language = (
                dict.fromkeys(groups, self.everybody)
                if len(groups) == 1
                else {language: _beside_outlets(some) for language, some in groups.items()}
            )
        return self._by_language

    @property
    def languages(self) -> list[str]:
        """Those in which somebody here wants html."""
        return [language for language in self.by_language if language]

    def _send(self, followers: list[Follower], outlets: Crowd, frame: Frame) -> list[Follower]:
        """Send to these; those who had no room are noted, and returned."""
        missed = [followers[place] for place in self.sender.send(outlets, frame)]
        for follower in missed:
            follower.behind(follower)
        return missed

    def _place(self, follower: Follower) -> None:
        """Say *complete up to here*, or *fetch the page* to who is too far off to be told."""
        at = self.followers[follower]
        if at == self.head:
            follower.put(self._mark())
        elif not self.head - self.page <= at <= self.head:
            self._send_to_page(follower)

    def _send_to_page(self, follower: Follower) -> None:
        if follower.put(envelope.reset(self.name, self.head)):
            self.followers[follower] = self.head

    def _gauge(self, name: str) -> Frame:
        newest = self.gauges[name]
        state = newest.version, newest.value
        return self._once(
            name, state, lambda: envelope.gauge(self.name, name, state[0], state[1] or {})
        )

    def _mark(self) -> Frame:
        return self._once("", self.head, lambda: envelope.mark(self.name, self.head))

    def _once(self, name: str, state: Any, build: Callable[[], Frame]) -> Frame:
        """The frame of ``state``, built once however many come to be told it."""
        framed = self._framed.get(name)
        if framed is None or framed[0] != state:
            framed = self._framed[name] = state, build()
        return framed[1]


Readers = tuple[list[Follower], Crowd]


def _beside_outlets(followers: list[Follower]) -> Readers:
    return followers, Crowd(follower.outlet for follower in followers)
