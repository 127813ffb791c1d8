"""The end of a process: every page is told to come back, and not all in the same second.

Deliberately absent: who asks a process to end, and how long it may take altogether.
"""

import asyncio

from realtime import hub
from realtime.codes import Code
from realtime.domain.pace import spread_s

PATIENCE_S = 3.0
LOOK_S = 0.02
AT_ONCE = 50


async def stop() -> None:
    """Close every socket of this process, and each that still comes, with the time to spread over.

    Returns once the words have left, or after three seconds: a reader who takes nothing learns
    it from the broken connection.
    """
    at = hub.here()
    sockets = list(at.sockets)
    at.farewell = str(spread_s(len(sockets)))
    for place, follower in enumerate(sockets):
        at.expel(follower, Code.RESTARTING, at.farewell)
        if (
            place % AT_ONCE == 0
        ):  # let the words leave: the server soon cuts off who has not answered
            await asyncio.sleep(0)
    end = at.clock() + PATIENCE_S
    while at.clock() < end and not all(follower.outlet.drained for follower in sockets):
        await asyncio.sleep(LOOK_S)
