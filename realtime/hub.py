"""One hub per process: news in, once; the same frames out to every socket that follows.

Consumers read nothing here themselves. The hub reads the journal for those who are behind, and
every few seconds asks the database how things stand, so a lost message costs seconds, not truth.
Deliberately absent: how bytes leave (``realtime.sending``) and where news comes from.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from realtime import truth
from realtime.codes import Code
from realtime.domain import envelope
from realtime.domain.requests import Follow
from realtime.room import BEATS, Follower, Room
from realtime.sending import Send, Sender
from realtime.subscription import Subscription
from realtime.topics import KINDS, Reading

logger = logging.getLogger(__name__)

BEAT_S = 1.0
SURVEY_S = 2.0
SURVEY_AT_LEAST = 20
SURVEY_SHARE = 20
PATIENCE_S = 30.0
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
        self.sender = Sender()
        self.rooms: dict[str, Room] = {}
        self.slow: dict[Follower, float] = {}
        self.subscription = Subscription(layer, self.hear)
        self._catching_up: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._beats = 0
        self._beating: Any = None
        self._surveyed: dict[str, float] = {}
        self._survey_from = float("inf")
        self._turns = itertools.cycle(range(BEATS))

    # --- Who follows what ---

    def follower(self, send: Send, session: str) -> Follower:
        """A socket, not following anything yet. ``session`` is its cookie, or empty."""
        turn = next(self._turns)
        return Follower(send, session, turn=turn, relieved=self._relieve, behind=self._note_behind)

    async def follow(self, follower: Follower, place: Follow) -> None:
        """Let ``follower`` hear of a topic: join first, then tell what was missed.

        Raises DomainError("socket.not-yours") for what it may not follow or does not exist.
        """
        if place.topic.kind not in KINDS:
            raise _not_yours()
        room = self._room(place.topic)
        room.guests += 1
        try:
            await self._once(room, self._ask)
            if not room.public and not await read(truth.allowed, room.topic, {follower.session}):
                raise _not_yours()
            await self._once(room, self._open)
            if place.since is not None and place.since > room.head:
                await self._refresh(room)
            room.admit(follower, place.since)
        finally:
            room.guests -= 1
            self._close_if_empty(room)
        self._catch_up(room)

    def seen(self, follower: Follower, topic: Topic, since: int) -> None:
        room = follower.rooms.get(str(topic))
        if room is not None:
            room.go_back(follower, since)
            self._catch_up(room)

    def unfollow(self, follower: Follower, topic: Topic) -> None:
        room = follower.rooms.get(str(topic))
        if room is not None:
            room.dismiss(follower)
            self._close_if_empty(room)

    def leave(self, follower: Follower) -> None:
        """Forget a socket altogether. Idempotent."""
        self.slow.pop(follower, None)
        for room in tuple(follower.rooms.values()):
            room.dismiss(follower)
            self._close_if_empty(room)

    def expel(self, follower: Follower, code: Code) -> None:
        follower.outlet.close(code)
        self.leave(follower)

    # --- News ---

    def hear(self, message: Mapping[str, Any]) -> None:
        """A hint from the channel layer; what is not for anybody here, or odd, is dropped."""
        room = self.rooms.get(message.get("topic", ""))
        if room is None:
            return
        match message:
            case {"type": "news.fact", "sequence": int(n), "kind": str(kind), "data": dict(data)}:
                room.fact(n, envelope.fact(room.name, n, kind, data), self.clock())
                self._catch_up(room)
            case {"type": "news.gauge", "name": str(name), "version": int(v), "data": dict(data)}:
                self._offer(room, name, Reading(v, data))

    def _offer(self, room: Room, name: str, reading: Reading) -> None:
        now = self.clock()
        due = room.offer(name, reading, now)
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

    # --- Catching up ---

    def _catch_up(self, room: Room) -> None:
        if room.name not in self._catching_up and room.behind():
            self._catching_up.add(room.name)
            self._spawn(self._replay(room))

    async def _replay(self, room: Room) -> None:
        try:
            while behind := room.behind():
                start, head = room.start(behind), room.head
                facts = await read(truth.facts, room.topic, start, room.page)
                if not facts and room.head == head:
                    room.head = start  # something told of a fact that no journal holds
                room.replay(facts)
        finally:
            self._catching_up.discard(room.name)

    def _note_behind(self, follower: Follower) -> None:
        self.slow.setdefault(follower, self.clock())

    def _relieve(self, follower: Follower) -> None:
        if self.slow.pop(follower, None) is None:
            return
        for room in tuple(follower.rooms.values()):
            room.make_good(follower)
            self._catch_up(room)

    # --- Time ---

    def beat(self) -> None:
        """Once a second: signs of life, slow readers, and now and then a survey."""
        now, turn = self.clock(), self._beats % BEATS
        self._beats += 1
        for follower, since in tuple(self.slow.items()):
            if not follower.outlet.full:
                self._relieve(follower)
            elif now - since > PATIENCE_S:
                self.expel(follower, Code.TOO_SLOW)
        for room in self.rooms.values():
            room.beat(turn, now)
        if now >= self._survey_from:
            self._survey_from = float("inf")
            self._spawn(self.survey())
            if not self.subscription.settled:
                self._spawn(self.subscription.settle())

    async def survey(self) -> None:
        """Ask the database how things stand; a message that was lost is made good here.

        Each topic has its turn within two surveys. Reading takes at most a twentieth of the time.
        """
        started = self.clock()
        try:
            rooms = self._next_to_survey(started)
            found = await read(truth.survey, [room.topic for room in rooms])
            for room in rooms:
                await self._learn(room, found[room.name])
        finally:
            took = self.clock() - started
            self._survey_from = started + max(SURVEY_S, SURVEY_SHARE * took)

    def _next_to_survey(self, now: float) -> list[Room]:
        rooms = sorted(self.rooms.values(), key=lambda room: self._surveyed.get(room.name, 0.0))
        rooms = rooms[: max(SURVEY_AT_LEAST, -(-len(rooms) // 2))]
        self._surveyed = {n: at for n, at in self._surveyed.items() if n in self.rooms}
        self._surveyed.update((room.name, now) for room in rooms)
        return rooms

    async def _learn(self, room: Room, survey: truth.Survey) -> None:
        room.public = survey.public
        room.head = max(room.head, survey.head)
        if not room.public and room.followers:
            await self._ask_again(room)
        for name, reading in survey.gauges.items():
            self._offer(room, name, reading)
        self._catch_up(room)

    async def _ask_again(self, room: Room) -> None:
        """Who may no longer follow what is not public is shown out."""
        sessions = {follower.session for follower in room.followers}
        allowed = await read(truth.allowed, room.topic, sessions)
        for follower in tuple(room.followers):
            if follower.session in sessions - allowed:
                self.expel(follower, Code.NOT_YOURS)

    # --- Rooms ---

    def _room(self, topic: Topic) -> Room:
        name = str(topic)
        if name not in self.rooms:
            self.rooms[name] = Room(topic, KINDS[topic.kind].page, self.sender)
        return self.rooms[name]

    async def _once(self, room: Room, step: Callable[[Room], Coroutine[Any, Any, None]]) -> None:
        """Take a step of opening a room once, for all who come while it is taken."""
        if step.__name__ not in room.steps:
            room.steps[step.__name__] = asyncio.ensure_future(step(room))
        await asyncio.shield(room.steps[step.__name__])

    async def _ask(self, room: Room) -> None:
        room.public = await read(truth.is_public, room.topic)

    async def _open(self, room: Room) -> None:
        self.subscription.want(room.name)
        await self.subscription.settle()
        await self._refresh(room)
        if self._beating is None:
            self._survey_from = self.clock() + SURVEY_S
            self._beating = self.call_later(BEAT_S, self._keep_time)

    async def _refresh(self, room: Room) -> None:
        await self._learn(room, (await read(truth.survey, [room.topic]))[room.name])

    def _close_if_empty(self, room: Room) -> None:
        if room.followers or room.guests or self.rooms.get(room.name) is not room:
            return
        del self.rooms[room.name]
        self.subscription.drop(room.name)
        self._spawn(self.subscription.settle())
        if not self.rooms and self._beating is not None:
            self._beating.cancel()
            self._beating = None

    def _keep_time(self) -> None:
        self._beating = self.call_later(BEAT_S, self._keep_time)
        self.beat()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("The hub goes on without an answer: %s", type(error).__name__)


_reader = ThreadPoolExecutor(1, thread_name_prefix="realtime")


async def read(question: Callable[..., Any], *arguments: Any) -> Any:
    """Ask the database, one question at a time, in a thread whose connections last."""
    ask = database_sync_to_async(question, thread_sensitive=False, executor=_reader)
    return await ask(*arguments)


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
