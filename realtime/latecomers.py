"""Those who lack facts: told from the journal what they missed, once they have room for it.

Deliberately absent: a queue for anybody. What a slow reader missed is in the journal.
"""

import asyncio
from typing import TYPE_CHECKING

from engage.journal.listeners import Fact
from realtime import truth
from realtime.follower import Follower
from realtime.reader import read
from realtime.rendering import framed
from realtime.room import Room
from realtime.telling import html_soon

if TYPE_CHECKING:
    from realtime.hub import Hub

SILENCE_S = 5.0


class Latecomers:
    """``slow`` are those without room for more, and since when."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.slow: dict[Follower, float] = {}
        self._catching_up: set[str] = set()
        self._looking: dict[str, asyncio.Task[None]] = {}

    def catch_up(self, room: Room) -> None:
        """Begin to tell those in ``room`` who lack facts, unless that is under way."""
        if room.name not in self._catching_up and room.behind():
            self._catching_up.add(room.name)
            self.hub.spawn(self._replay(room))

    async def _replay(self, room: Room) -> None:
        try:
            while behind := room.behind():
                start, head = room.start(behind), room.head
                facts = await self._missed(room, start)
                if not room.public:
                    await self.hub.show_out(room)
                if not facts and room.head == head:
                    room.head = start  # something told of a fact that no journal holds
                html = await html_soon(room, facts) if facts else {}
                room.replay(framed(facts, html))
        finally:
            self._catching_up.discard(room.name)

    async def _missed(self, room: Room, start: int) -> list[Fact]:
        """The facts after ``start``. While the journal is silent, those who lack them know it."""
        asking = asyncio.ensure_future(read(truth.facts, room.topic, start, room.page))
        if not (await asyncio.wait({asking}, timeout=SILENCE_S))[0]:
            room.own_up()
        found: list[Fact] = await asking
        return found

    async def keep_up_with(self, room: Room, since: int) -> None:
        """Look again if a page holds facts that we have not heard of, together with others.

        Twice: a look that others began may be older than the page. Whoever still claims more has
        made it up, and costs no more than that.
        """
        for _ in range(2):
            if since <= room.head:
                return
            if room.name not in self._looking:
                self._looking[room.name] = looking = asyncio.ensure_future(self.hub.refresh(room))
                looking.add_done_callback(lambda _done: self._looking.pop(room.name, None))
            await asyncio.shield(self._looking[room.name])

    def note(self, follower: Follower) -> None:
        """It had no room for something."""
        self.slow.setdefault(follower, self.hub.clock())

    def relieve(self, follower: Follower) -> None:
        """It has room again: the newest gauges now, the facts it missed from the journal."""
        if self.slow.pop(follower, None) is None:
            return
        for room in tuple(follower.rooms.values()):
            room.make_good(follower)
            self.catch_up(room)
