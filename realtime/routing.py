"""The door for sockets: one address, and only from the town's own pages.

Deliberately absent: a list of further origins, or a rule about look-alike ones. A page of any
other origin carries the visitor's cookie just as well (cross-site websocket hijacking).
"""

import logging
from typing import Any

from django.conf import settings

from realtime.consumer import Receive, Scope, follow_topics
from realtime.sending import Send

logger = logging.getLogger(__name__)

PATH = "/ws/"


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application for websockets; a handshake that is refused answers 403."""
    if scope["path"] == PATH and from_our_pages(scope["headers"]):
        await follow_topics(scope, receive, send)
        return
    if scope["path"] == PATH:
        logger.warning("A socket from another origin was refused")
    await receive()
    await send({"type": "websocket.close", "code": 4403})


def from_our_pages(headers: Any) -> bool:
    """Whether there is exactly one Origin and it is ours: scheme, host and port (RFC 6454)."""
    origins = [value for name, value in headers if name.lower() == b"origin"]
    return origins == [settings.SITE_ORIGIN.encode("ascii")]
