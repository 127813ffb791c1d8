"""One socket's way out, level 0: the server's own ASGI ``send``, driven so that nobody waits.

At most one message waits here, and past ``UNSENT_LIMIT`` unsent bytes none is added: what a slow
reader misses is made good later, from the newest gauge and the journal. Deliberately absent:
a queue, and knowledge of frames on the wire; ``line`` is what a faster level needs of it.
"""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any

from realtime.domain.envelope import Frame
from realtime.sending.closing import last_word
from realtime.sending.lines import line_of, owner_of

UNSENT_LIMIT = 64_000
CLOSING_S = 5.0

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outlet:
    """``put`` never waits and never raises; ask ``full`` first, ``relieved`` is called after."""

    __slots__ = ("_relieved", "_send", "_transport", "_waiting", "line", "shut")

    def __init__(self, send: Send, relieved: Callable[[], None]) -> None:
        self._send, self._relieved = send, relieved
        self._transport = getattr(owner_of(send), "transport", None)
        self.line = line_of(send)
        self._waiting: asyncio.Task[None] | None = None
        self.shut = False

    @property
    def full(self) -> bool:
        """Whether another message would only pile up."""
        return self.shut or self._waiting is not None or unsent(self._transport) > UNSENT_LIMIT

    @property
    def drained(self) -> bool:
        """Whether the server holds nothing for it any more."""
        return self._waiting is None and not unsent(self._transport)

    def put(self, frame: Frame) -> None:
        try:
            rest = begin(self._send(frame.message))
        except Exception:  # every server has errors of its own for a socket that is gone
            self.shut = True
            return
        if rest is not None:
            self._waiting = asyncio.ensure_future(rest)
            self._waiting.add_done_callback(self._sent)

    def close(self, code: int, reason: str = "") -> None:
        """End the socket with ``code``, beginning now; nothing is sent after it."""
        if self.shut:
            return
        self.shut = True
        try:
            rest = begin(last_word(self._send, int(code), reason))
        except Exception:  # it is closed already
            return
        if rest is not None:
            self._waiting = asyncio.ensure_future(_within(rest, CLOSING_S))

    def _sent(self, task: asyncio.Task[None]) -> None:
        if self._waiting is task:
            self._waiting = None
        if task.cancelled() or task.exception() is not None:
            self.shut = True
        elif not self.shut:
            self._relieved()


def begin(step: Awaitable[None]) -> Coroutine[Any, Any, None] | None:
    """Run ``step`` until it waits for something; what is left of it then, or None if it is done.

    A send that need not wait costs no task: at a thousand readers that is most of the price.
    """
    if not asyncio.iscoroutine(step):
        return _awaited(step)
    try:
        first = step.send(None)
    except StopIteration:
        return None
    return _resumed(step, first)


async def _resumed(step: Coroutine[Any, Any, None], first: Any) -> None:
    await _rest(step, first)


@types.coroutine
def _rest(step: Coroutine[Any, Any, None], waited_for: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that waits already, as ``await`` would have (PEP 380)."""
    while True:
        try:
            answer = yield waited_for
        except BaseException as error:
            go_on = partial(step.throw, error)
        else:
            go_on = partial(step.send, answer)
        try:
            waited_for = go_on()
        except StopIteration:
            return


async def _awaited(step: Awaitable[None]) -> None:
    await step


async def _within(step: Awaitable[None], seconds: float) -> None:
    try:
        await asyncio.wait_for(step, seconds)
    except Exception:  # it is closed already, or its reader will never know
        return


def unsent(transport: Any) -> int:
    """Bytes that the server still holds for a socket; 0 where it does not tell."""
    if hasattr(transport, "dataBuffer"):  # Twisted
        return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)
    if hasattr(transport, "get_write_buffer_size"):  # asyncio
        return int(transport.get_write_buffer_size())
    return 0
