"""How directly this process sends: the best level that a test of this very machine allows.

Level 2 is one io_uring call for all sockets, 1 one system call each, 0 the server's own ``send``.
Falls, never rises, and says so once in the log; ``/readyz`` shows where it is. ``manage.py serve``
tests before it serves, another server at its first socket. Deliberately absent: a test on the loop,
and trust in version numbers of kernels; only servers have a floor, since what is read of their
insides is private to them.
"""

import asyncio
import logging
import re
import select
import socket
import struct
from array import array
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from threading import Lock

from django.conf import settings

from realtime.sending import direct
from realtime.sending.ring import Ring

logger = logging.getLogger(__name__)

Write = Callable[["array[int]", bytes], list[int]]

FLOORS = {"daphne": (4, 2, 3), "uvicorn": (0, 54)}
"""The oldest versions whose sockets have been written directly in tests."""

PATIENCE_S = 5
TIMES = 5


@dataclass(frozen=True, slots=True)
class Level:
    number: int
    reason: str


UNTESTED = Level(0, "not tested yet")

_now: Level | None = None
_testing = Lock()


def current() -> Level:
    """The level of this process, found by test when first asked for. Not on a loop: it takes time.

    From any thread.
    """
    global _now  # noqa: PLW0603  one per process is the point
    with _testing:
        if _now is None:
            found = best(settings.SENDING)
            _now = _now or found  # whatever fell meanwhile stays down
    return _now


def known() -> Level:
    """The level as far as it is known; nothing is tested for it."""
    return _now or UNTESTED


async def tested() -> Level:
    """The level of this process; a test that is still to be made is made in a thread."""
    return _now or await asyncio.to_thread(current)


def fall(number: int, reason: str) -> Level:
    """Go down to ``number`` for good, unless this process is there already."""
    global _now  # noqa: PLW0603
    if _now is None or number < _now.number:
        _now = Level(number, reason)
        logger.warning("Live updates are sent at level %d from here on: %s", number, reason)
    return _now


def shown() -> dict[str, object]:
    return asdict(current())


def best(highest: int) -> Level:
    """The highest level up to ``highest`` that passes its test."""
    reason = f"asked for at most {highest}"
    for number, attempt in ((2, _try_ring), (1, _try_direct)):
        if number > highest:
            continue
        failure = attempt()
        if not failure:
            return Level(number, "tested on this machine" if number == 2 else reason)
        reason = f"level {number} does not work: {failure}"
    return Level(0, reason)


@cache
def trusts(server: str) -> bool:
    """Whether the installed ``server`` is one whose insides we know."""
    floor, installed = FLOORS[server], _version(server)
    if installed < floor:
        fall(0, f"{server} is older than {'.'.join(map(str, floor))}")
    return installed >= floor


def _version(package: str) -> tuple[int, ...]:
    """Its numbers; none where it was not installed as a package."""
    try:
        return tuple(map(int, re.findall(r"\d+", metadata.version(package))[:3]))
    except metadata.PackageNotFoundError:
        return ()


def _try_ring() -> str:
    try:
        with closing(Ring(8)) as ring:
            return examine(ring.write) or ring.broken
    except (OSError, AttributeError, ValueError) as error:
        return str(error)


def _try_direct() -> str:
    try:
        return examine(direct.write)
    except (OSError, AttributeError) as error:
        return str(error)


def examine(write: Write) -> str:
    """What is wrong with ``write`` on real sockets: an open one, a full one, one that was reset."""
    wire = b"\x81\x7e" + bytes(range(256)) * 4
    with ExitStack() as stack:
        readers, ours = zip(*(_pair(stack) for _ in range(3)), strict=True)
        held = _fill(ours[1])
        _reset(readers[2], ours[2])
        taken = write(array("i", [end.fileno() for end in ours] * TIMES), wire)
        for end in ours:
            end.close()
        whole, partly = _rest(readers[0]), _rest(readers[1])
    if taken[0::3] != [len(wire)] * TIMES or whole != wire * TIMES:
        return "bytes do not arrive as they are"
    if len(partly) != held + sum(count for count in taken[1::3] if count > 0):
        return "a full socket does not say what it took"
    return "a socket that was reset takes bytes" if max(taken[2::3]) > 0 else ""


def _pair(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over loopback: a reader's, and the server's, which never waits."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        reader = stack.enter_context(socket.create_connection(door.getsockname(), PATIENCE_S))
        ours = stack.enter_context(door.accept()[0])
    ours.setblocking(False)
    return reader, ours


def _fill(ours: socket.socket) -> int:
    """Send until no more is taken; how many bytes that was."""
    held = 0
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    try:
        while True:
            held += ours.send(bytes(1 << 16))
    except BlockingIOError:
        return held


def _reset(reader: socket.socket, ours: socket.socket) -> None:
    """Let ``reader`` break off, and wait until our end knows."""
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reader.close()
    watched = select.poll()
    watched.register(ours, select.POLLIN)
    watched.poll(PATIENCE_S * 1000)


def _rest(reader: socket.socket) -> bytes:
    with reader.makefile("rb") as stream:
        return stream.read()
