"""When a serving process looks for dead cycles: seldom, but always after a crowd has left.

Deliberately absent: cutting the cycles. A closed socket is one of the web server's own making.
"""

import asyncio
import gc
from collections.abc import Callable

LOOK_S = 1.0
CROWD = 250


def collect_seldom() -> None:
    """Let the collector forget what start-up made, and look less often among the rest.

    Less often still, and every thousand visits leave 18 MB behind: the oldest generation, where
    closed sockets end up, would never have its turn.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # a full look waits until a quarter of what it last saw is new: now of nothing
    gc.set_threshold(10_000, 2, 2)


async def collect_after_crowds(sockets: Callable[[], int]) -> None:
    """For ever: a full look once a quarter of the most there were has left, before others come.

    Otherwise the next crowd takes memory beside the last one's.
    """
    most = 0
    while True:
        await asyncio.sleep(LOOK_S)
        now = sockets()
        most = max(most, now)
        if most - now > max(CROWD, most // 4):
            gc.collect()
            most = now
