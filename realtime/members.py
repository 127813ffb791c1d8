"""The sockets of signed-in people: each is a session, and ends with it.

The database is asked for all of them at once, never for each. Deliberately absent: pages made for
strangers. Nothing of theirs can end.
"""

import asyncio
from typing import TYPE_CHECKING

from engage.domain.errors import DomainError
from realtime import people
from realtime.codes import Code
from realtime.follower import Follower
from realtime.reader import read

if TYPE_CHECKING:
    from realtime.hub import Hub


class Members:
    """``hub`` knows the sockets; those with ``signed_in`` are meant."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._waiting: set[str] = set()
        self._next: asyncio.Task[set[str]] | None = None

    def admit(self, follower: Follower, mark: str) -> None:
        """Take a page at its word that it was made for this session, unless it was for another.

        Raises DomainError("socket.signed-out"). Whether the session still is one is asked soon.
        """
        if mark and not people.is_marked(follower.session, mark):
            raise _signed_out()
        follower.signed_in = bool(mark)

    async def prove(self, follower: Follower) -> None:
        """Ask now, together with all who have to at this moment.

        Raises DomainError("socket.signed-out").
        """
        if not follower.signed_in:
            return
        self._waiting.add(follower.session)
        if self._next is None:
            self._next = asyncio.ensure_future(self._ask())
        if follower.session in await asyncio.shield(self._next):
            raise _signed_out()

    async def show_out(self) -> None:
        """Whose session has ended is told so, and their socket ends."""
        sessions = {follower.session for follower in self.hub.sockets if follower.signed_in}
        ended = await read(people.ended, sessions) if sessions else ()
        if not ended:
            return
        for follower in tuple(self.hub.sockets):
            if follower.signed_in and follower.session in ended:
                self.hub.expel(follower, Code.SIGNED_OUT)

    async def _ask(self) -> set[str]:
        await asyncio.sleep(0)  # whoever has to as well has said so by now
        asked, self._waiting, self._next = self._waiting, set(), None
        ended: set[str] = await read(people.ended, asked)
        return ended


def _signed_out() -> DomainError:
    return DomainError("socket.signed-out", "This page's sign-in has ended.")
