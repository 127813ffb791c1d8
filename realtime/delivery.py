"""From the journal to the channel layer: every listening process is given the hint.

Works from any thread of the server's process and from other processes. Deliberately absent:
waiting for anybody, and failing a service because the layer is away.
"""

import asyncio
import logging
from functools import partial
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

from engage.journal.listeners import Fact, Gauge, News
from realtime import hub, messenger
from realtime.presence import GROUP

logger = logging.getLogger(__name__)

PATIENCE_S = 2.0


def deliver(news: News) -> None:
    """Send ``news`` to its topic's group.

    Where this process has readers it is sent on their loop: the in-memory layer works on no other.
    Elsewhere a thread of its own takes it: the server's loop may end at any moment, and nobody is
    to wait for Redis. An in-memory layer then has nobody to tell.
    """
    layer: Any = get_channel_layer()
    if layer is None:
        return
    send = partial(_send, layer, news.topic, message_of(news))
    listening = hub.running()
    if listening is not None:
        asyncio.run_coroutine_threadsafe(send(), listening.loop)
    elif not isinstance(layer, InMemoryChannelLayer):
        messenger.take(send)


def look_again() -> None:
    """Have this process and the others ask soon whether everybody may still follow."""
    layer: Any = get_channel_layer()
    listening = hub.running()
    if listening is not None:
        listening.loop.call_soon_threadsafe(listening.rounds.look_soon)
    if layer is None or isinstance(layer, InMemoryChannelLayer):
        return
    send = partial(_send, layer, GROUP, {"type": "hubs.look"})
    if listening is not None:
        asyncio.run_coroutine_threadsafe(send(), listening.loop)
    else:
        messenger.take(send)


def message_of(news: News) -> dict[str, Any]:
    """What travels through the layer; ``realtime.hub.Hub.hear`` reads it."""
    match news:
        case Fact(topic, sequence, kind, data):
            return {"type": "news.fact", "topic": topic, "sequence": sequence,
                    "kind": kind, "data": dict(data)}  # fmt: skip
        case Gauge(topic, name, version, data):
            return {"type": "news.gauge", "topic": topic, "name": name,
                    "version": version, "data": dict(data)}  # fmt: skip


async def _send(layer: Any, group: str, message: dict[str, Any]) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await layer.group_send(group, message)
    except Exception as error:  # a lost hint: the next survey makes it good
        logger.warning("The channel layer took no news: %s", type(error).__name__)
