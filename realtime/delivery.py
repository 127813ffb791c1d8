"""From the journal to the channel layer: every listening process is given the hint.

Works from any thread of the server's process and from other processes. Deliberately absent:
waiting for anybody, and failing a service because the layer is away.
"""

import asyncio
import logging
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

from engage.journal.listeners import Fact, Gauge, News
from realtime import hub

logger = logging.getLogger(__name__)

PATIENCE_S = 2.0


def deliver(news: News) -> None:
    """Send ``news`` to its topic's group.

    Where this process has readers it is sent on their loop, without waiting: the in-memory layer
    works on no other, and a request need not pay for Redis. Elsewhere it is sent from here, on a
    loop of its own: the server's may end at any moment, and who waits for it waits for ever. An
    in-memory layer then has nobody to tell.
    """
    message = message_of(news)
    listening = hub.running()
    if listening is not None:
        asyncio.run_coroutine_threadsafe(_send(news.topic, message), listening.loop)
    elif not isinstance(get_channel_layer(), InMemoryChannelLayer):
        asyncio.run(_send(news.topic, message))


def message_of(news: News) -> dict[str, Any]:
    """What travels through the layer; ``realtime.hub.Hub.hear`` reads it."""
    match news:
        case Fact(topic, sequence, kind, data):
            return {"type": "news.fact", "topic": topic, "sequence": sequence,
                    "kind": kind, "data": dict(data)}  # fmt: skip
        case Gauge(topic, name, version, data):
            return {"type": "news.gauge", "topic": topic, "name": name,
                    "version": version, "data": dict(data)}  # fmt: skip


async def _send(group: str, message: dict[str, Any]) -> None:
    layer: Any = get_channel_layer()
    if layer is None:
        return
    try:
        async with asyncio.timeout(PATIENCE_S):
            await layer.group_send(group, message)
    except Exception as error:  # a lost hint: the next survey makes it good
        logger.warning("The channel layer took no news: %s", type(error).__name__)
