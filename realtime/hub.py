"""One hub per process: news in, once; the same frames out to every socket that follows.

Consumers read nothing here themselves. The hub reads the journal for latecomers, and asks the
database how things stand on its rounds, so a lost message costs seconds, not truth. Deliberately
absent: how bytes leave (``realtime.sending``) and where news comes from.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from channels.layers import get_channel_layer

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from engage.journal.listeners import Fact
from realtime import truth
from realtime.codes import Code
from realtime.domain.pace import GAUGE_INTERVAL_S
from realtime.domain.requests import Follow
from realtime.door import Door
from realtime.follower import Follower
from realtime.latecomers import Latecomers
from realtime.members import Members
from realtime.presence import GROUP, Presence
from realtime.reader import read
from realtime.room import BEATS, Room
from realtime.rounds import Rounds
from realtime.sending import Send, Sender
from realtime.subscription import Subscription
from realtime.telling import Telling
from realtime.topics import KINDS, Reading

logger = logging.getLogger(__name__)

GAUGE_REST = 2


class Hub:
    """``clock`` and ``call_later`` are the loop's own unless a test brings others."""

    def __init__(
        self,
        layer: Any,
        *,
        clock: Callable[[], float] | None = None,
        call_later: Callable[..., Any] | None = None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.clock = clock or self.loop.time
        self.call_later = call_later or self.loop.call_later
        self.sender, self.door = Sender(), Door()
        self.rooms: dict[str, Room] = {}
        self.sockets: set[Follower] = set()
        self.farewell: str | None = None
        self.subscription = Subscription(layer, self.hear)
        self.presence, self.rounds = Presence(layer), Rounds(self)
        self.telling, self.latecomers = Telling(self), Latecomers(self)
        self.members = Members(self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = itertools.cycle(range(BEATS))

    # --- Who follows what ---

    def follower(self, send: Send, session: str, language: str = "") -> Follower:
        """A socket, not following anything yet. ``session`` is its cookie, or empty."""
        follower = Follower(
            send, session, language,
            turn=next(self._turns), relieved=self.latecomers.relieve, behind=self.latecomers.note,
        )  # fmt: skip
        self.sockets.add(follower)
        return follower

    async def follow(self, follower: Follower, place: Follow) -> None:
        """Let ``follower`` hear of a topic: join first, then tell what was missed.

        Raises DomainError("socket.not-yours") for what it may not follow or does not exist.
        """
        if place.topic.kind not in KINDS:
            raise _not_yours()
        room = self._room(place.topic)
        room.guests += 1
        try:
            await room.once("ask", lambda: self._ask(room))
            if not room.public and not await read(truth.allowed, room.topic, {follower.session}):
                raise _not_yours()
            await room.once("open", lambda: self._open(room))
            await self.latecomers.keep_up_with(room, place.since or 0)
            if not follower.outlet.shut:
                room.admit(follower, place.since)
        finally:
            room.guests -= 1
            self._close_if_empty(room)
        if place.since is not None and place.since < room.head:
            self.latecomers.catch_up(room)

    def seen(self, follower: Follower, topic: Topic, since: int) -> None:
        room = follower.rooms.get(str(topic))
        if room is not None:
            room.go_back(follower, since)
            self.latecomers.catch_up(room)

    def unfollow(self, follower: Follower, topic: Topic) -> None:
        room = follower.rooms.get(str(topic))
        if room is not None:
            room.dismiss(follower)
            self._close_if_empty(room)

    def leave(self, follower: Follower) -> None:
        """Forget a socket altogether. Idempotent."""
        self.sockets.discard(follower)
        self.latecomers.slow.pop(follower, None)
        for room in tuple(follower.rooms.values()):
            room.dismiss(follower)
            self._close_if_empty(room)

    def expel(self, follower: Follower, code: Code, reason: str = "") -> None:
        follower.outlet.close(code, reason)
        self.leave(follower)

    async def show_out(self, room: Room) -> None:
        """Who may no longer follow what is not public is shown out."""
        sessions = {follower.session for follower in room.followers}
        barred = sessions - await read(truth.allowed, room.topic, sessions)
        if barred:
            await self.members.show_out()  # they are told why, not only that
        for follower in tuple(room.followers):
            if follower.session in barred:
                self.expel(follower, Code.NOT_YOURS)

    # --- News ---

    def hear(self, message: Mapping[str, Any]) -> None:
        """A hint from the channel layer; what is not for anybody here, or odd, is dropped."""
        if message.get("type") == "hubs.presence":
            return self.presence.hear(message, self.clock())
        if message.get("type") == "hubs.look":
            return self.rounds.look_soon()
        room = self.rooms.get(message.get("topic", ""))
        if room is None:
            return
        match message:
            case {"type": "news.fact", "sequence": int(n), "kind": str(kind), "data": dict(data)}:
                self.telling.hear(room, Fact(room.name, n, kind, data))
            case {"type": "news.gauge", "name": str(name), "version": int(v), "data": dict(data)}:
                self.offer(room, name, Reading(v, data))

    def offer(
        self, room: Room, name: str, reading: Reading, interval: float = GAUGE_INTERVAL_S
    ) -> None:
        """Show a gauge's reading to the room as soon as its turn comes."""
        now = self.clock()
        due = room.offer(name, reading, now, interval)
        if due is not None and due <= now:
            self._send_gauge(room, name)
        elif due is not None:
            self.call_later(due - now, lambda: self._send_gauge(room, name))

    def _send_gauge(self, room: Room, name: str) -> None:
        """With very many readers a gauge moves less often: a third of the time is enough."""
        started = self.clock()
        room.send_gauge(name, started)
        ended = self.clock()
        room.gauges[name].rest(ended + GAUGE_REST * (ended - started))

    async def learn(self, room: Room, survey: truth.Survey) -> None:
        """Take over what the database says of a room; of one that has closed, nothing."""
        if self.rooms.get(room.name) is not room:
            return
        was_public, room.public = room.public, survey.public
        room.head = max(room.head, survey.head)
        if was_public and not room.public and room.followers:
            await self.show_out(room)
        for name, reading in survey.gauges.items():
            self.offer(room, name, reading)
        self.latecomers.catch_up(room)

    # --- Rooms ---

    def _room(self, topic: Topic) -> Room:
        name = str(topic)
        if name not in self.rooms:
            self.rooms[name] = Room(topic, KINDS[topic.kind].page, self.sender)
        return self.rooms[name]

    async def _ask(self, room: Room) -> None:
        room.public = await read(truth.is_public, room.topic)

    async def _open(self, room: Room) -> None:
        self.subscription.want(room.name)
        if self.presence.shared:
            self.subscription.want(GROUP)
        await self.subscription.settle()
        await self.refresh(room)
        if self.rooms.get(room.name) is room:  # else whoever it was opened for has gone again
            self.rounds.begin()

    async def refresh(self, room: Room) -> None:
        """Ask the database how one room stands, now, unless it is closed already."""
        if self.rooms.get(room.name) is room:
            await self.learn(room, (await read(truth.survey, [room.topic]))[room.name])

    def _close_if_empty(self, room: Room) -> None:
        if room.followers or room.guests or self.rooms.get(room.name) is not room:
            return
        del self.rooms[room.name]
        self.subscription.drop(room.name)
        if not self.rooms:
            self.subscription.drop(GROUP)
            self.rounds.end()
            self.spawn(self.presence.tell({}))
        self.spawn(self.subscription.settle())

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin something that nobody has to wait for; if it fails, it is logged and we go on."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("The hub goes on without an answer: %s", type(error).__name__)


def _not_yours() -> DomainError:
    return DomainError("socket.not-yours", "You cannot follow this.")


_here: Hub | None = None


def here() -> Hub:
    """This process's hub, made by the first socket on the server's loop."""
    global _here  # noqa: PLW0603  one per process is the point
    if _here is None or _here.loop is not asyncio.get_running_loop():
        _here = Hub(get_channel_layer())
    return _here


def running() -> Hub | None:
    """This process's hub if anybody listens."""
    return _here if _here is not None and _here.rooms and _here.loop.is_running() else None
