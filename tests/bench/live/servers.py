"""Who is measured: ours at each level, the limit, and what others do."""

from dataclasses import dataclass, replace
from importlib.util import find_spec


@dataclass(frozen=True)
class Kind:
    """A server to start: ``command`` may hold {python}, {port} and what the lab has, as {lab.loop}.

    A reader of ``path`` is complete once a message holds ``complete``; ``facts`` and ``gauges``
    are doors to publish by. ``level`` is the one that ours must reach to be measured; with more
    than ``slow`` readers one message is all that is measured.
    """

    name: str
    label: str
    title: str
    command: tuple[str, ...]
    path: str = "/ws/"
    complete: str = ""
    protocol: str = ""
    facts: str = "/publish"
    gauges: str = "/publish"
    level: int | None = None
    redis: bool = False
    slow: int = 0
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def ours(self) -> bool:
        return self.level is not None


def _town(server: str, level: int, note: str) -> Kind:
    return Kind(
        name=f"{server}-{level}",
        label=f"Engage, {server}, level {level}",
        title=f"Engage on {server}, level {level}: {note}",
        command=("{python}", "-m", "tests.bench.live.town", server, "{port}"),
        path="/ws/?topics=bench.0",
        complete='"at":',
        facts="/bench/fact",
        gauges="/bench/gauge",
        level=level,
        environment=(("SENDING", str(level)),),
    )


def _bare(name: str, label: str, title: str, *library: str) -> Kind:
    return Kind(
        name, label, title, ("{python}", "tests/bench/live/peers/bare.py", "{port}", *library)
    )


def _tutorial(name: str, layer: str, redis: bool) -> Kind:
    listening = "tcp:port={port}:interface=127.0.0.1:backlog=4096"
    application = "tests.bench.live.peers.tutorial:application"
    return Kind(
        name=name,
        label=f"Channels' tutorial, {layer}",
        title=f"Channels as its tutorial teaches, {layer}",
        command=("{python}", "-m", "daphne", "-e", listening, "-v", "0", application),
        redis=redis,
        slow=1_000,
    )


def _node(name: str, path: str, complete: str, protocol: str) -> Kind:
    command = ("node", "{lab.node_modules}/rooms.js", "{port}", name)
    return Kind(name, name, f"{name} (Node)", command, path, complete, protocol)


LIMIT = _bare("limit", "The limit, in C", "The limit: a C loop of send()", "{lab.loop}")
ASYNCIO = _bare("asyncio", "Bare asyncio", "A bare asyncio loop")
NAIVE = _tutorial("naive", "in-memory layer", redis=False)
NAIVE_REDIS = _tutorial("naive-redis", "Redis layer", redis=True)
WS = _node("ws", "/", "", "")
SOCKET_IO = _node("socket.io", "/socket.io/?EIO=4&transport=websocket", "40{", "socket.io")
OURS = [
    _town("daphne", 0, "plain ASGI send"),
    _town("daphne", 1, "one write a socket"),
    _town("daphne", 2, "one io_uring call for all"),
]
ON_UVICORN = [
    _town("uvicorn", 1, "one write a socket"),
    _town("uvicorn", 2, "one io_uring call for all"),
]
ON_UVICORN = ON_UVICORN if find_spec("uvicorn") else []
BEST = OURS[2]
THROUGH_REDIS = replace(BEST, name="daphne-2-redis", redis=True)
THE_OTHERS = [NAIVE, NAIVE_REDIS, WS, SOCKET_IO]
EVERYBODY = [LIMIT, ASYNCIO, *THE_OTHERS, *OURS, *ON_UVICORN]
