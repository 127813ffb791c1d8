"""A topic as one process follows it: its readers, how far each was told, the newest gauges.

Everything here happens at once, on the server's loop; nothing waits, and nothing is read from a
database or a channel layer. ``realtime.hub`` does that.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engage.domain.topics import Topic
from realtime.domain import envelope
from realtime.domain.envelope import Frame
from realtime.domain.pace import Newest
from realtime.sending import Outlet, Send, Sender
from realtime.topics import Reading

BEATS = 8
QUIET_S = 3.0


class Follower:
    """One socket as the hub knows it. ``session`` is asked again what it may follow."""

    __slots__ = ("behind", "outlet", "rooms", "session", "turn")

    def __init__(
        self,
        send: Send,
        session: str,
        *,
        turn: int,
        relieved: "Callable[[Follower], None]",
        behind: "Callable[[Follower], None]",
    ) -> None:
        self.outlet = Outlet(send, lambda: relieved(self))
        self.session, self.behind = session, behind
        self.rooms: dict[str, Room] = {}
        self.turn = turn

    def put(self, frame: Frame) -> bool:
        """Send now, or say no: then it is made good once the reader has caught up."""
        if self.outlet.full:
            self.behind(self)
            return False
        self.outlet.put(frame)
        return True


class Room:
    """``followers`` maps each reader to the number of the last fact it was sent.

    ``guests`` are on their way in and keep the room open; ``steps`` are those of opening it.
    """

    def __init__(self, topic: Topic, page: int, sender: Sender) -> None:
        self.topic, self.name, self.page, self.sender = topic, str(topic), page, sender
        self.followers: dict[Follower, int] = {}
        self._everybody: tuple[list[Follower], list[Outlet]] | None = None
        self.head = 0
        self.public = False
        self.gauges: dict[str, Newest[Mapping[str, Any]]] = {}
        self.told_at = float("-inf")
        self.guests = 0
        self.steps: dict[str, asyncio.Task[None]] = {}

    def admit(self, follower: Follower, since: int | None) -> None:
        """Tell ``follower`` all after ``since`` (None: from now on), and the gauges at once."""
        follower.rooms[self.name] = self
        self._everybody = None
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
        self._everybody = None
        follower.rooms.pop(self.name, None)

    def fact(self, sequence: int, frame: Frame, now: float) -> None:
        """News of one fact. Who lacks the one before it is left behind, to be caught up."""
        if sequence <= self.head:
            return
        self.head, self.told_at = sequence, now
        self._tell(sequence, frame)

    def replay(self, facts: Iterable[tuple[int, Frame]]) -> None:
        """Tell facts read from the journal to whoever lacks exactly the next one."""
        waiting = [follower for follower, at in self.followers.items() if at < self.head]
        for sequence, frame in facts:
            self.head = max(self.head, sequence)
            self._tell(sequence, frame)
        for follower in waiting:
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

    def start(self, followers: Iterable[Follower]) -> int:
        """The smallest number any of them was told."""
        return min(self.followers[follower] for follower in followers)

    def offer(self, name: str, reading: Reading, now: float) -> float | None:
        """A gauge's reading; when it should be sent, or None (old, unchanged, or arranged)."""
        newest = self.gauges.setdefault(name, Newest())
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
        frame, head = envelope.mark(self.name, self.head), self.head
        for follower, at in self.followers.items():
            if follower.turn == turn and at == head:
                follower.put(frame)

    def _tell(self, sequence: int, frame: Frame) -> None:
        followers, outlets = self.everybody
        before = sequence - 1
        if any(at != before for at in self.followers.values()):
            followers = [f for f, at in self.followers.items() if at == before]
            outlets = [follower.outlet for follower in followers]
        missed = self._send(followers, outlets, frame)
        self.followers.update(dict.fromkeys(followers, sequence))
        self.followers.update(dict.fromkeys(missed, before))

    @property
    def everybody(self) -> tuple[list[Follower], list[Outlet]]:
        """All followers beside their outlets; the same objects until somebody comes or goes."""
        if self._everybody is None:
            followers = list(self.followers)
            self._everybody = followers, [follower.outlet for follower in followers]
        return self._everybody

    def _send(
        self, followers: list[Follower], outlets: list[Outlet], frame: Frame
    ) -> list[Follower]:
        """Send to these; those who had no room are noted, and returned."""
        missed = [followers[place] for place in self.sender.send(outlets, frame)]
        for follower in missed:
            follower.behind(follower)
        return missed

    def _place(self, follower: Follower) -> None:
        """Say *complete up to here*, or *fetch the page* to who is too far off to be told."""
        at = self.followers[follower]
        if at == self.head:
            follower.put(envelope.mark(self.name, self.head))
        elif not self.head - self.page <= at <= self.head:
            self._send_to_page(follower)

    def _send_to_page(self, follower: Follower) -> None:
        if follower.put(envelope.reset(self.name, self.head)):
            self.followers[follower] = self.head

    def _gauge(self, name: str) -> Frame:
        newest = self.gauges[name]
        return envelope.gauge(self.name, name, newest.version, newest.value or {})
