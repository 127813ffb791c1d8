"""Frames that no page of ours sends, at the real server: the socket ends, nobody else notices."""

import base64
import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.codes import Code
from tests.servers import OPEN_POLL, Server, serving

pytestmark = pytest.mark.faults

PATIENCE_S = 60
TEXT, BINARY, CLOSE, PING, FIN, MASK, DEFLATED = 0x1, 0x2, 0x8, 0x9, 0x80, 0x80, 0x40
BROKEN, BAD_TEXT, PROTOCOL_ERROR, TOO_BIG = 1006, 1007, 1002, 1009
ADDRESSES_SHARE = 40


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    variables = {"LIMITS": "true", "SOCKETS_PER_ADDRESS": str(ADDRESSES_SHARE)}
    server = Server(tmp_path_factory.mktemp("hostile"), **variables)
    with serving(server, ["shell", "-v0", "-c", OPEN_POLL]) as (printed,):
        server.topic = f"poll.{printed.split()[-1]}"
        yield server


class Line:
    """A socket that is not held to any protocol; ``last_word`` is (code, reason).

    The server may drop whoever breaks the protocol without a word: BROKEN.
    """

    def __init__(self, server: Server):
        self.tcp = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
        key = base64.b64encode(os.urandom(16)).decode()
        self.tcp.sendall(
            f"GET /ws/?topics={server.topic} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {server.site}\r\n\r\n".encode()
        )
        self.read = self.tcp.makefile("rb")
        assert b" 101 " in self.read.readline()
        while self.read.readline().strip():
            pass

    def send(self, *frames: bytes) -> "Line":
        try:
            for frame in frames:
                self.tcp.sendall(frame)
        except OSError:  # the server has heard enough
            pass
        return self

    def close(self) -> None:
        self.read.close()
        self.tcp.close()

    def frame(self) -> tuple[int, bytes]:
        first, size = self.read.read(2)
        if size == 126:
            (size,) = struct.unpack("!H", self.read.read(2))
        return first & 15, self.read.read(size)

    def last_word(self) -> tuple[int, str]:
        try:
            while (found := self.frame())[0] != CLOSE:
                pass
        except (ConnectionError, ValueError):
            return BROKEN, ""
        finally:
            self.close()
        return struct.unpack("!H", found[1][:2])[0], found[1][2:].decode()


def frame(payload: bytes, first: int = TEXT | FIN) -> bytes:
    return head(len(payload), first) + payload


def head(size: int, first: int = TEXT | FIN) -> bytes:
    """The beginning of a masked frame (RFC 6455 section 5.2), with a mask that changes nothing."""
    if size < 126:
        length = bytes([MASK | size])
    elif size < 65_536:
        length = bytes([MASK | 126]) + struct.pack("!H", size)
    else:
        length = bytes([MASK | 127]) + struct.pack("!Q", size)
    return bytes([first]) + length + b"\0\0\0\0"


def rss(server: Server) -> int:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


TINY = [frame(b"x", TEXT), *[frame(b"x" * 4, 0)] * 100_000]
HOSTILE = {
    "a long frame": ([frame(b"x" * 65_537)], {TOO_BIG, BROKEN}),
    "a frame of 1 MB": ([frame(b"x" * 2**20)], {TOO_BIG, BROKEN}),
    "16 MB declared": ([head(2**24)], {TOO_BIG, BROKEN}),
    "1 GB declared": ([head(2**30)], {TOO_BIG, BROKEN}),
    "a message that never ends": ([b"".join(TINY)], {TOO_BIG, BROKEN}),
    "a long message in pieces": (
        [frame(b"x", TEXT), frame(b"x", 0) * 10_000, frame(b"", FIN)],
        {Code.TOO_LONG},
    ),
    "a compressed frame": ([frame(b"x" * 100, TEXT | FIN | DEFLATED)], {PROTOCOL_ERROR, BROKEN}),
    "a binary frame": ([frame(b"x" * 60_000, BINARY | FIN)], {Code.MALFORMED}),
    "text that is none": ([frame(b"\xff\xfe")], {BAD_TEXT, BROKEN}),
}


@pytest.mark.adversary("G1")
def test_frames_that_no_page_sends_end_the_socket(town):
    bystander = Line(town)
    bystander.frame()
    before = rss(town)
    for name, (frames, codes) in HOSTILE.items():
        for _ in range(3):
            assert Line(town).send(*frames).last_word()[0] in codes, name
    assert rss(town) - before < 20_000_000
    assert bystander.frame()[0] == TEXT, "others are told as ever"
    bystander.close()


@pytest.mark.adversary("G3")
@pytest.mark.parametrize(
    "message",
    ['{"seen":"%s:0"}', '{"follow":"%s:0"}', '{"unfollow":"%s"}', '{"x":1}', "x"],
)
def test_a_thousand_messages_a_second_end_the_socket(town, message):
    bystander = Line(town)
    text = (message % town.topic if "%" in message else message).encode()
    code, _reason = Line(town).send(frame(text) * 1_000).last_word()
    assert code in {Code.TOO_MANY, Code.MALFORMED, BROKEN}
    assert bystander.frame()[0] == TEXT
    bystander.close()


@pytest.mark.adversary("G4")
def test_who_finds_no_room_is_told_when_to_come_back(town):
    inside = [let_in(town) for _ in range(ADDRESSES_SHARE)]
    assert Line(town).last_word() == (Code.FULL, "30")
    inside.pop().close()
    inside.append(let_in(town))
    for line in inside:
        line.close()


def let_in(town: Server) -> Line:
    """A socket that follows; the server may still have to notice that others have gone."""
    end = time.monotonic() + PATIENCE_S
    while (line := Line(town)).frame()[0] != TEXT:
        line.close()
        assert time.monotonic() < end
    return line


@pytest.mark.adversary("G4")
def test_half_open_handshakes_keep_nobody_out(town):
    half = [socket.create_connection(("127.0.0.1", town.port)) for _ in range(300)]
    for tcp in half:
        tcp.sendall(b"GET /ws/?topics=poll.7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n")
    let_in(town).close()
    for tcp in half:
        tcp.close()
