"""The one thread in which the hub asks the database: one question at a time.

Deliberately absent: what is asked (``realtime.truth``). Its connections last.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async

MOMENT_S = 2.0

_reader = ThreadPoolExecutor(1, thread_name_prefix="realtime")


async def read(question: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of ``question(*arguments)``, asked off the server's loop."""
    ask = database_sync_to_async(question, thread_sensitive=False, executor=_reader)
    return await ask(*arguments)


async def read_soon(question: Callable[..., Any], *arguments: Any) -> Any:
    """The same for what can be done without: None if it fails or takes longer than a moment."""
    asking = asyncio.ensure_future(read(question, *arguments))
    asking.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait({asking}, timeout=MOMENT_S)
        answered = asking.done() and not asking.cancelled() and asking.exception() is None
        return asking.result() if answered else None
    finally:
        asking.cancel()  # if its turn has not come, it need not come any more
