"""The thread that carries messages to the channel layer, in a process whose own loop cannot.

One a process, begun with the first message; its loop and its connections last. Deliberately absent:
an answer to whoever sends, and a place for every message. They are hints.
"""

import asyncio
import atexit
import os
import socket
from collections.abc import Callable, Coroutine
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Any

MOST_WAITING = 100
PATIENCE_S = 2.0

Errand = Callable[[], Coroutine[Any, Any, None]]


class Messenger:
    """Runs errands one after the other; of more than may wait the oldest is dropped."""

    def __init__(self) -> None:
        self._waiting: Queue[Errand | None] = Queue(MOST_WAITING)
        self._thread: Thread | None = None
        self._beginning = Lock()

    def take(self, errand: Errand) -> None:
        """See to ``errand``, which raises nothing, soon. From any thread; never waits."""
        with self._beginning:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="messenger", daemon=True)
                self._thread.start()
        self._put(errand)

    def end(self) -> None:
        """Let what waits still go out, for a moment; then close the connections."""
        if self._thread is not None:
            self._put(None)
            self._thread.join(PATIENCE_S)

    def _put(self, errand: Errand | None) -> None:
        while True:
            try:
                return self._waiting.put_nowait(errand)
            except Full:
                with suppress(Empty):
                    self._waiting.get_nowait()

    def _work(self) -> None:
        with asyncio.Runner(loop_factory=_Loop) as runner:
            while (errand := self._waiting.get()) is not None:
                runner.run(errand())


class _Loop(asyncio.SelectorEventLoop):
    """Looks up names itself: the threads that do it elsewhere take no work when a process ends."""

    async def getaddrinfo(self, *address: Any, **options: Any) -> Any:
        return socket.getaddrinfo(*address, **options)


_messenger = Messenger()


def take(errand: Errand) -> None:
    """Have this process's messenger see to ``errand``."""
    _messenger.take(errand)


@atexit.register
def end() -> None:
    """End this process's messenger."""
    _messenger.end()


def _begin_afresh() -> None:
    """A forked process has no threads but the one that forked."""
    global _messenger  # noqa: PLW0603  one per process is the point
    _messenger = Messenger()


os.register_at_fork(after_in_child=_begin_afresh)
