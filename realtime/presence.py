"""How many follow a topic, in this process and the others: a gauge, never a list.

Each process tells the others its own numbers every few seconds and when it ends. Deliberately
absent: who they are. A process knows its sockets, the others only how many there are.
"""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from channels.layers import InMemoryChannelLayer

from realtime.domain.crowd import Elsewhere, told
from realtime.topics import KINDS, Reading

logger = logging.getLogger(__name__)

NAME = "presence"
GROUP = "hubs"
INTERVAL_S = 3.0
PATIENCE_S = 2.0


class Presence:
    """This process's part of it. ``shared``: whether there is a layer to tell others through."""

    def __init__(self, layer: Any) -> None:
        self._layer, self._process = layer, uuid.uuid4().hex
        self.shared = layer is not None and not isinstance(layer, InMemoryChannelLayer)
        self._elsewhere = Elsewhere()

    def reading(self, topic: str, here: int, now: float) -> Reading:
        """The gauge with ``here`` readers in this process.

        Its version never changes: each process makes its own, so the latest heard wins.
        """
        return Reading(0, told(here + self._elsewhere.count(topic, now)))

    def hear(self, message: Mapping[str, Any], now: float) -> None:
        """What another process said; anything odd is dropped."""
        match message:
            case {"process": str(process), "here": dict(here)} if process != self._process:
                readers = {t: n for t, n in here.items() if isinstance(n, int) and n > 0}
                self._elsewhere.hear(process, readers, now)
                self._elsewhere.forget(now)

    async def tell(self, here: Mapping[str, int]) -> None:
        """Tell the other processes all of our numbers; a message that is lost is soon repeated."""
        if not self.shared:
            return
        message = {"type": "hubs.presence", "process": self._process, "here": dict(here)}
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.group_send(GROUP, message)
        except Exception as error:
            logger.debug("Nobody was told how many are here: %s", type(error).__name__)


def is_shown(kind: str) -> bool:
    return KINDS[kind].presence
