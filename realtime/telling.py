"""Facts just heard of, on their way into a room: in order, each with html if there is any.

Deliberately absent: waiting for html longer than a moment. The database may hang, and a page
fetches by itself what a fact does not bring.
"""

import asyncio
from typing import TYPE_CHECKING

from engage.journal.listeners import Fact
from realtime.reader import read_soon
from realtime.rendering import Html, framed, html_after
from realtime.room import Room
from realtime.topics import KINDS

if TYPE_CHECKING:
    from realtime.hub import Hub


class Telling:
    """Each fact waits for the one before it, which never waits longer than a moment either."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._last: dict[Room, asyncio.Task[None]] = {}

    def hear(self, room: Room, fact: Fact) -> None:
        """Tell ``fact`` to the room: at once, where nobody wants html with it."""
        before = self._last.get(room)
        if before is None and not wants_html(room):
            return self._tell(room, fact, {})
        task = self._last[room] = self.hub.spawn(self._in_turn(room, fact, before))
        task.add_done_callback(lambda done: self._forget(room, done))

    async def _in_turn(self, room: Room, fact: Fact, before: asyncio.Task[None] | None) -> None:
        html = await html_soon(room, fact.sequence)
        if before is not None:
            await asyncio.wait({before})
        self._tell(room, fact, html)

    def _tell(self, room: Room, fact: Fact, html: Html) -> None:
        ((sequence, frames),) = framed([fact], html)
        room.fact(sequence, frames, self.hub.clock())
        self.hub.latecomers.catch_up(room)

    def _forget(self, room: Room, task: asyncio.Task[None]) -> None:
        if self._last.get(room) is task:
            del self._last[room]


def wants_html(room: Room) -> bool:
    return KINDS[room.topic.kind].html is not None and bool(room.languages)


async def html_soon(room: Room, sequence: int) -> Html:
    """What goes with fact number ``sequence`` in the languages of ``room``, if made in time."""
    if not wants_html(room):
        return {}
    return await read_soon(html_after, room.topic, sequence, room.languages) or {}
