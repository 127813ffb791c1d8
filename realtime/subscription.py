"""This process's one subscription to the channel layer, however many sockets it has.

Says what it wants and settles the difference, so that a layer that was away is simply asked
again. Deliberately absent: any meaning of what it hears.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)

PAUSE_S = 1.0
PATIENCE_S = 3.0


class Subscription:
    """``want`` and ``drop`` groups, then ``settle``; every message of theirs goes to ``hear``."""

    def __init__(self, layer: Any, hear: Callable[[Any], None]) -> None:
        self._layer, self._hear = layer, hear
        self._wanted: set[str] = set()
        self._joined: set[str] = set()
        self._channel = ""
        self._away = False
        self._receiver: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def settled(self) -> bool:
        return self._wanted == self._joined and bool(self._wanted) == bool(self._receiver)

    def want(self, group: str) -> None:
        self._wanted.add(group)

    def drop(self, group: str) -> None:
        self._wanted.discard(group)

    async def settle(self) -> None:
        """Join and leave groups until they are those wanted. If the layer is away, say so once."""
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._settle()
            except Exception as error:
                if not self._away:
                    logger.warning("The channel layer is away: %s", type(error).__name__)
                self._away = True
            else:
                self._away = False

    async def _settle(self) -> None:
        if self._wanted and self._receiver is None:
            self._channel = await self._layer.new_channel()
            self._receiver = asyncio.create_task(self._listen(self._channel))
        for group in self._wanted - self._joined:
            await self._layer.group_add(group, self._channel)
            self._joined.add(group)
        for group in self._joined - self._wanted:
            self._joined.discard(group)
            await self._layer.group_discard(group, self._channel)
        if not self._wanted and self._receiver is not None:
            receiver, self._receiver = self._receiver, None
            receiver.cancel()
            await asyncio.gather(receiver, return_exceptions=True)

    async def _listen(self, channel: str) -> None:
        while True:
            try:
                message = await self._layer.receive(channel)
            except Exception as error:
                logger.warning("The channel layer gave no message: %s", type(error).__name__)
                await asyncio.sleep(PAUSE_S)
            else:
                self._take(message)

    def _take(self, message: Any) -> None:
        try:
            self._hear(message)
        except Exception:
            logger.exception("A message of the channel layer could not be taken")
