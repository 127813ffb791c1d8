"""A socket's last word: a code and, where it helps, a reason that the page can read.

daphne drops the reason, and its library refuses the codes that a server uses for itself; both are
ordinary in RFC 6455 (sections 5.5.1 and 7.4), so there the frame is written directly.
"""

from collections.abc import Awaitable, Callable
from typing import Any

LONGEST_REASON = 123
ANSWER_S = 3.0


async def last_word(
    send: Callable[[dict[str, Any]], Awaitable[None]], code: int, reason: str = ""
) -> None:
    """Close with ``code``; ``reason`` is at most 123 bytes of UTF-8 (RFC 6455 section 5.5)."""
    protocol: Any = next(iter(getattr(send, "args", ())), None)
    said = reason.encode()[:LONGEST_REASON]
    if hasattr(protocol, "closeHandshakeTimeout"):
        # autobahn rounds down to a whole second of the clock: of its own one nothing may be left,
        # and it cuts the line off before the word has been written
        protocol.closeHandshakeTimeout = ANSWER_S
    if hasattr(protocol, "sendCloseFrame") and not is_an_application_s(code):
        protocol.sendCloseFrame(code, said)
        return
    await send({"type": "websocket.close", "code": code} | ({"reason": reason} if reason else {}))


def is_an_application_s(code: int) -> bool:
    """Whether the server's library lets an application use ``code``."""
    return code == 1000 or 3000 <= code <= 4999
