"""The one thread in which the hub asks the database: one question at a time.

Deliberately absent: what is asked (``realtime.truth``). Its connections last.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async

_reader = ThreadPoolExecutor(1, thread_name_prefix="realtime")


async def read(question: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of ``question(*arguments)``, asked off the server's loop."""
    ask = database_sync_to_async(question, thread_sensitive=False, executor=_reader)
    return await ask(*arguments)
