"""A hall to be served by a real server: rooms of sockets, and somebody who speaks in them.

``python -m tests.realtime.sending.hall daphne CERTIFICATE KEY`` prints where it is, as JSON. A
command is POSTed as ``{"do": name, ...}``. Seats are never given up, so that what is sent to a
room goes past sockets that have been closed: the hub may be as late as that.
"""

import asyncio
import json
import os
import socket
import sys
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup(set_prefix=False)

from engage.domain.topics import Topic  # noqa: E402  needs the settings
from realtime.domain import envelope  # noqa: E402
from realtime.room import Follower, Room  # noqa: E402
from realtime.sending import Crowd, Outlet, Sender, levels  # noqa: E402
from realtime.sending.levels import Level  # noqa: E402
from realtime.sending.lines import owner_of  # noqa: E402
from realtime.topics import Reading  # noqa: E402


class Meeting:
    """A topic whose journal is a list; each fact is told beside a gauge of the same number."""

    def __init__(self, sender: Sender, sends: list):
        self.room, self.facts = Room(Topic("meeting", "7"), 100_000, sender), []
        for send in sends:
            follower = Follower(
                send, "", "", turn=0, relieved=lambda follower: None, behind=lambda follower: None
            )
            self.room.admit(follower, None)

    def tell(self, sizes: list[int]) -> int:
        """Tell facts; how many lack some of them."""
        for size in sizes:
            number, data = len(self.facts) + 1, {"pad": "x" * size}
            frames = {"": envelope.fact("meeting.7", number, "word", data)}
            self.facts.append((number, frames))
            self.room.fact(number, frames, 0.0)
            self.room.offer("tally", Reading(number, data), float(number))
            self.room.send_gauge("tally", float(number))
        return len(self.room.behind())

    def catch_up(self) -> int:
        """Tell the facts again to those who lack them; how many still do, or have no room."""
        self.room.replay(self.facts)
        return sum(at < self.room.head for at in self.room.followers.values())


class Hall:
    """``rooms`` are lists of outlets; one sender a level."""

    def __init__(self):
        self.rooms: dict[str, list[Outlet]] = {}
        self.sends: dict[int, object] = {}
        self.senders: dict[int, Sender] = {}
        self.meetings: dict[str, Meeting] = {}

    def sender(self, level: int) -> Sender:
        if level not in self.senders:
            self.senders[level] = Sender(Level(level, "asked for"), entries=4)
        return self.senders[level]

    async def seat(self, scope, receive, send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        room = self.rooms.setdefault(scope["query_string"].decode(), [])
        outlet = Outlet(send, lambda: None)
        self.sends[id(outlet)] = send
        room.append(outlet)
        seat = {"seat": len(room) - 1}
        outlet.put(envelope.gauge("hall", "seat", 0, seat))
        while (await receive())["type"] != "websocket.disconnect":
            pass

    def speak(self, room: str, level: int, sizes: list[int], ping: int | None = None, first=0):
        """Send frames numbered from ``first``, at once; of each, the seats that had no room.

        ``ping`` is a seat whose server says something of its own just before each.
        """
        outlets, sender = Crowd(self.rooms.get(room, ())), self.sender(level)
        missed = []
        for number, size in enumerate(sizes, first):
            if ping is not None:
                self.ping(room, ping)
            frame = envelope.gauge("hall", "word", number, {"pad": "x" * size})
            missed.append(sender.send(outlets, frame))
        return {"missed": missed, "level": sender.level.number, "reason": sender.level.reason}

    def meet(self, room: str, level: int):
        """Open a topic to those who sit in ``room``."""
        sends = [self.sends[id(outlet)] for outlet in self.rooms[room]]
        self.meetings[room] = Meeting(self.sender(level), sends)

    def tell(self, room: str, sizes: list[int]):
        return self.meetings[room].tell(sizes)

    def catch_up(self, room: str):
        return self.meetings[room].catch_up()

    def ping(self, room: str, seat: int) -> None:
        """As the servers' own timers do."""
        protocol = self._protocol(room, seat)
        if hasattr(protocol, "sendPing"):
            protocol.sendPing(b"ping")
        elif not protocol.transport.is_closing():
            protocol.conn.send_ping(b"ping")
            protocol.transport.write(b"".join(protocol.conn.data_to_send()))

    def look(self, room: str):
        """How each seat stands: its line's descriptor, whether it is at rest and lives."""
        crowd = Crowd(self.rooms.get(room, []))
        found = [None] * len(crowd)
        for lines in crowd.lines:
            ready = lines.ready() or [True] * len(lines.places)
            for place, number, rests in zip(lines.places, lines.sockets, ready, strict=True):
                found[place] = {"socket": number, "at_rest": rests}
        return {"seats": found, "level": levels.current().number}

    def open_descriptors(self):
        return len(os.listdir("/proc/self/fd"))

    def smash(self, level: int):
        """Break the ring as a kernel could: it is no descriptor of a ring any more."""
        ring = self.sender(level)._ring
        other = os.open(os.devnull, os.O_RDONLY)
        os.dup2(other, ring.descriptor)
        os.close(other)

    def hush(self, level: int):
        """Let the kernel's next answer lack the last write of its round, as it never should."""
        ring = self.sender(level)._ring
        answer = ring._answer
        ring._answer = lambda: tuple(told[:-1] for told in answer())

    def shut(self, room: str, seat: int):
        self.rooms[room][seat].close(4408)

    def renew(self, level: int):
        """A new sender, after the old one was closed."""
        self.sender(level).close()
        del self.senders[level]

    def _protocol(self, room: str, seat: int):
        return owner_of(self.sends[id(self.rooms[room][seat])])

    async def command(self, receive, send) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        asked = json.loads(body)
        answer = json.dumps(getattr(self, asked.pop("do"))(**asked)).encode()
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "websocket":
            await self.seat(scope, receive, send)
        elif scope["type"] == "http":
            await self.command(receive, send)


def by_daphne(hall: Hall, certificate: str, key: str) -> None:
    from daphne.server import Server

    paths = f"privateKey={key}:certKey={certificate}"
    endpoints = ["tcp:0:interface=127.0.0.1", f"ssl:0:interface=127.0.0.1:{paths}"]
    server = Server(application=hall, endpoints=endpoints, action_logger=None, verbosity=0)
    server.ready_callable = lambda: asyncio.get_event_loop().call_soon(
        lambda: say([port for _host, port in server.listening_addresses])
    )
    server.run()


def by_uvicorn(hall: Hall, certificate: str, key: str, *, loop: str) -> None:
    import uvicorn

    plain, sealed = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
    options = {"lifespan": "off", "log_level": "warning", "ws_ping_interval": None}
    tls = {"ssl_certfile": certificate, "ssl_keyfile": key}
    first = uvicorn.Server(uvicorn.Config(hall, loop=loop, **options))
    second = uvicorn.Server(uvicorn.Config(hall, loop=loop, **options, **tls))

    async def serve():
        say([end.getsockname()[1] for end in (plain, sealed)])
        await asyncio.gather(first.serve([plain]), second.serve([sealed]))

    with asyncio.Runner(loop_factory=first.config.get_loop_factory()) as runner:
        runner.run(serve())


def say(ports: list[int]) -> None:
    print(json.dumps(ports), flush=True)


SERVERS = {
    "daphne": by_daphne,
    "uvicorn": partial(by_uvicorn, loop="asyncio"),
    "uvicorn-uvloop": partial(by_uvicorn, loop="uvloop"),
}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](Hall(), *sys.argv[2:])
