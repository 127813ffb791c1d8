"""Which sockets may be written past their server, and when: the servers' insides, in one place.

Deliberately absent: TLS, unix sockets and every server not named here. A frame may only be
written where the server itself would write next, so a socket is taken only while its transport
holds nothing and its websocket is open, and never between two turns of the loop.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter, itemgetter, methodcaller
from typing import Any

from realtime.sending import levels


@dataclass(frozen=True, slots=True)
class Kind:
    """A server's sockets. ``at_rest`` are questions: of which part, what, and the right answer.

    Together they say: connected, not closing, open to messages, nothing unsent. They are asked of
    every reader for every frame: one plain value each, since pairs cost a third more.
    """

    server: str
    at_rest: tuple[tuple[str, Callable[[Any], Any], Any], ...]


_OURS = (
    ("outlet", attrgetter("shut"), False),
    ("outlet", attrgetter("_waiting"), None),
)
_DAPHNE = Kind(
    "daphne",
    (
        ("transport", attrgetter("connected"), 1),
        ("transport", attrgetter("disconnecting"), 0),
        ("transport", attrgetter("_tempDataLen"), 0),
        ("transport", attrgetter("dataBuffer"), b""),
        ("websocket", itemgetter("state"), 3),  # autobahn's STATE_OPEN
        *_OURS,
    ),
)
_UVICORN = Kind(
    "uvicorn",
    (
        ("transport", methodcaller("is_closing"), False),
        ("transport", methodcaller("get_write_buffer_size"), 0),
        ("websocket", attrgetter("conn.state"), 1),  # websockets' State.OPEN
        *_OURS,
    ),
)

_SANSIO = "uvicorn.protocols.websockets.websockets_sansio_impl.WebSocketsSansIOProtocol"
_KINDS = {
    "daphne.ws_protocol.WebSocketProtocol": {"twisted.internet.tcp.Server": _DAPHNE},
    _SANSIO: {
        "asyncio.selector_events._SelectorSocketTransport": _UVICORN,
        "uvloop.loop.TCPTransport": _UVICORN,
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """A socket that may be written directly whenever its ``kind`` is at rest.

    ``websocket`` is the server's protocol, or its attributes: autobahn's has too many to look for
    one the ordinary way.
    """

    kind: Kind
    socket: int
    transport: Any
    websocket: Any


def line_of(send: Any) -> Line | None:
    """The line behind an ASGI ``send``; None for what is not plain TCP of a server we know."""
    protocol = owner_of(send)
    transport: Any = getattr(protocol, "transport", None)
    known = _KINDS.get(_name(protocol))
    if known is None:
        levels.fall(0, f"no way past {_name(protocol)} is known")
        return None
    kind = known.get(_name(transport))
    if kind is None or getattr(transport, "TLS", False) or not levels.trusts(kind.server):
        return None
    try:
        if kind is _DAPHNE:
            line = Line(kind, transport.getHandle().fileno(), transport, vars(protocol))
        else:
            number = transport.get_extra_info("socket").fileno()
            line = Line(kind, number, transport, protocol)
    except (AttributeError, OSError):  # it is closed already
        return None
    return line if understood(line) else None


def understood(line: Line) -> bool:
    """Whether its server can be asked all that must be known before a frame is written."""
    try:
        for part, ask, _right in line.kind.at_rest:
            if part != "outlet":
                ask(getattr(line, part))
    except (AttributeError, KeyError) as error:
        levels.fall(0, f"{line.kind.server} is built in another way: {error}")
        return False
    return True


def owner_of(send: Any) -> Any:
    """The protocol whose ``send`` this is, in daphne and in uvicorn; None elsewhere."""
    return next(iter(getattr(send, "args", ())), None) or getattr(send, "__self__", None)


def _name(thing: Any) -> str:
    return f"{type(thing).__module__}.{type(thing).__qualname__}"
