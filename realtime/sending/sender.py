"""The same frame to many sockets in one go, each as directly as it can be reached just now.

Deliberately absent: who the sockets belong to, and what becomes of those that had no room.
"""

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import compress
from typing import Any

from realtime.domain.envelope import Frame
from realtime.sending import direct, levels
from realtime.sending.levels import Level, Write
from realtime.sending.lines import Kind, Line
from realtime.sending.outlet import Outlet
from realtime.sending.ring import UNKNOWN, Ring

ENTRIES = 1024


class Crowd(tuple[Outlet, ...]):
    """Outlets that are sent to together more than once; how to reach them is worked out once."""

    @cached_property
    def lines(self) -> "list[Lines]":
        """Those that may be written directly, by kind of server: one kind, as a rule."""
        kinds: dict[int, list[tuple[int, Outlet, Line]]] = {}
        for place, outlet in enumerate(self):
            if (line := outlet.line) is not None:
                kinds.setdefault(id(line.kind), []).append((place, outlet, line))
        return [Lines(members[0][2].kind, members) for members in kinds.values()]

    @cached_property
    def others(self) -> list[int]:
        """The places of those that only their server can send to."""
        return [place for place, outlet in enumerate(self) if outlet.line is None]


class Lines:
    """Lines of one kind, in columns. ``places`` are theirs among the crowd."""

    def __init__(self, kind: Kind, members: Sequence[tuple[int, Outlet, Line]]) -> None:
        self.places = [place for place, _, _ in members]
        self.sockets = array("i", [line.socket for _, _, line in members])
        self.transports = [line.transport for _, _, line in members]
        parts = {
            "outlet": [outlet for _, outlet, _ in members],
            "transport": self.transports,
            "websocket": [line.websocket for _, _, line in members],
        }
        self._questions = [(ask, parts[part], right) for part, ask, right in kind.at_rest]

    def ready(self) -> list[bool] | None:
        """Which of them may be written at this moment; None if all may."""
        count = len(self.places)
        if all(list(map(ask, them)).count(right) == count for ask, them, right in self._questions):
            return None
        answers = ([ask(one) == right for one in them] for ask, them, right in self._questions)
        return [all(rights) for rights in zip(*answers, strict=True)]


class Sender:
    """One per process, used on the server's loop only."""

    def __init__(self, level: Level | None = None, *, entries: int = ENTRIES) -> None:
        """``entries`` is how many sockets one call to the kernel reaches at level 2."""
        self.level, self._entries = level or levels.known(), entries
        self._ring: Ring | None = None
        self._write = self._way()

    def send(self, outlets: Sequence[Outlet], frame: Frame) -> list[int]:
        """Send ``frame`` to each of ``outlets``; the places of those that have no room for it.

        A ``Crowd`` is prepared only once.
        """
        if self._write is None:
            return _one_by_one(outlets, range(len(outlets)), frame)
        crowd = outlets if isinstance(outlets, Crowd) else Crowd(outlets)
        slowly = crowd.others
        for lines in crowd.lines:
            slowly = slowly + self._directly(self._write, lines, frame.wire)
        return _one_by_one(crowd, slowly, frame)

    def close(self) -> None:
        """Give back what the kernel lent. Idempotent; afterwards it sends at level 1 at most."""
        if self._ring is not None:
            self._ring.close()
            self._ring, self._write = None, direct.write

    def _directly(self, write: Write, lines: Lines, wire: bytes) -> list[int]:
        """Write to all that are at rest; the places of the others.

        From the question to the answer nothing else runs on this loop, so no descriptor can have
        become another's meanwhile: a server closes a socket and says so in one step.
        """
        sockets, transports, busy = lines.sockets, lines.transports, []
        ready = lines.ready()
        if ready is not None:
            sockets = array("i", compress(sockets, ready))
            transports = list(compress(transports, ready))
            busy = [place for place, rests in zip(lines.places, ready, strict=True) if not rests]
        taken = write(sockets, wire)
        if taken.count(len(wire)) != len(taken):
            _hand_over(transports, taken, wire)
        if self._ring is not None and self._ring.broken:
            self._fall(self._ring.broken)
        return busy

    def _way(self) -> Write | None:
        if self.level.number == 2:
            try:
                self._ring = Ring(self._entries)
                return self._ring.write
            except OSError as error:
                self._fall(f"io_uring is refused: {error}")
        return direct.write if self.level.number else None

    def _fall(self, reason: str) -> None:
        self.level = Level(1, reason)
        levels.fall(1, reason)
        self.close()


def _hand_over(transports: Iterable[Any], taken: Iterable[int], wire: bytes) -> None:
    """Give what a socket did not take to its server, which holds nothing else for it.

    Whatever the reason was, the server meets it as well, and knows what to do.
    """
    for transport, count in zip(transports, taken, strict=True):
        if count == UNKNOWN:
            _abort(transport)
        elif count < len(wire):
            transport.write(wire[max(count, 0) :])


def _abort(transport: Any) -> None:
    """End a socket that may hold half a frame; its reader comes back and is told all again."""
    (transport.abort if hasattr(transport, "abort") else transport.abortConnection)()


def _one_by_one(outlets: Sequence[Outlet], places: Iterable[int], frame: Frame) -> list[int]:
    missed = []
    for place in places:
        outlet = outlets[place]
        if outlet.full:
            missed.append(place)
        else:
            outlet.put(frame)
    return missed
