"""Facts just heard of, on their way into a room: in order, each with html if there is any.

Deliberately absent: waiting for html longer than a moment. The database may hang, and a page
fetches by itself what a fact does not bring.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engage.domain.topics import Topic
from engage.journal.listeners import Fact
from realtime import truth
from realtime.reader import MOMENT_S, read_soon
from realtime.rendering import Html, framed, html_after
from realtime.room import Room
from realtime.topics import KINDS

if TYPE_CHECKING:
    from realtime.hub import Hub


logger = logging.getLogger(__name__)


class Telling:
    """Each fact waits for the one before it, which never waits longer than a moment either."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._last: dict[Room, asyncio.Task[None]] = {}

    def hear(self, room: Room, fact: Fact) -> None:
        """Tell ``fact`` to the room, once it is known who may still hear it."""
        before = self._last.get(room)
        task = self._last[room] = self.hub.spawn(self._in_turn(room, fact, before))
        task.add_done_callback(lambda done: self._forget(room, done))

    async def _in_turn(self, room: Room, fact: Fact, before: asyncio.Task[None] | None) -> None:
        asked = _wanted(room)
        public, html = await read_soon(_standing, room.topic, fact, asked) or (
            room.public, {},
        )  # fmt: skip
        if before is not None:
            await asyncio.wait({before})
        room.public = public
        if public or await self._only_guests_left(room):
            self._tell(room, fact, await html_soon(room, [fact], html, asked))

    async def _only_guests_left(self, room: Room) -> bool:
        """Show out who may no longer follow; no while nobody can say. The journal has the fact."""
        try:
            async with asyncio.timeout(MOMENT_S):
                await self.hub.show_out(room)
        except Exception as error:
            logger.warning("Something is told later: %s", type(error).__name__)
            return False
        return True

    def _tell(self, room: Room, fact: Fact, html: Html) -> None:
        ((sequence, frames),) = framed([fact], html)
        room.fact(sequence, frames, self.hub.clock())
        self.hub.latecomers.catch_up(room)

    def _forget(self, room: Room, task: asyncio.Task[None]) -> None:
        if self._last.get(room) is task:
            del self._last[room]


def _standing(topic: Topic, fact: Fact, languages: frozenset[str]) -> tuple[bool, Html]:
    """Whether strangers may follow now, and the html that goes with the fact."""
    return truth.is_public(topic), html_after(topic, [fact], languages)


async def html_soon(
    room: Room,
    facts: Sequence[Fact],
    html: Html | None = None,
    asked: frozenset[str] = frozenset(),
) -> Html:
    """What goes with facts that are told together in the languages of ``room``, if made in time.

    ``html`` was made for the languages ``asked``. Readers may come while it is made: theirs is made
    as well, so that nobody who is here when it is told goes without.
    """
    made = dict(html or {})
    while lacking := _wanted(room) - asked:
        asked |= lacking
        made |= await read_soon(html_after, room.topic, facts, lacking) or {}
    return made


def _wanted(room: Room) -> frozenset[str]:
    """The languages in which somebody here takes html, if the topic has any."""
    return frozenset(room.languages if KINDS[room.topic.kind].html else ())
