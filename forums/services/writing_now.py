"""That somebody is writing in a thread: known for a few seconds, and never who.

Deliberately absent: any table. It is forgotten by itself, and a store that is away tells nobody.
"""

import time

from django.core.cache import cache

from engage.identity.models import User
from engage.journal.services import show
from forums.models import Thread
from forums.rules import may_read_thread
from forums.services.refusing import no_such_thread, refuse_closed, refuse_who_may_not_write

GAUGE = "writing"
LASTS_S = 8
_KEPT_S = 600
"""Longer than it lasts, so that a newer reading is never numbered below an older one."""


def say_that_one_writes(*, thread: Thread, by: User) -> None:
    """Let open pages of ``thread`` show for a few seconds that somebody is writing.

    Locks nothing. Shows the gauge ``writing``. Idempotent. Raises what ``post_reply`` would raise
    before it looks at the text.
    """
    if not may_read_thread(by, thread):
        raise no_such_thread()
    refuse_who_may_not_write(by, thread.category)
    refuse_closed(thread)
    cache.set(_key(thread.pk), _now_ms(), _KEPT_S)
    if reading := writing_now(thread.pk):
        show(thread.topic, GAUGE, reading[0], **reading[1])


def writing_now(thread: int) -> tuple[int, dict[str, int]] | None:
    """Whether somebody writes in the thread with this key, and the reading's version.

    None if nobody has for long.
    """
    last = cache.get(_key(thread))
    if last is None:
        return None
    lasts = _now_ms() - last < 1_000 * LASTS_S
    return 2 * last + (not lasts), {"somebody": int(lasts)}


def _key(thread: int) -> str:
    return f"forums.writing.{thread}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
