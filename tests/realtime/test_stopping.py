"""A process that ends tells every page when to come back, before it ends."""

import asyncio
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

from realtime import hub
from realtime.codes import Code
from realtime.stopping import stop
from tests.realtime.test_sockets import ORIGIN, handshake
from tests.servers import Server

PATIENCE_S = 60


async def test_open_sockets_and_late_ones_are_told_when_to_come_back(connect):
    sockets = [await connect("meeting.7:0") for _ in range(3)]
    for socket in sockets:
        await socket.receive_from()
    await stop()
    late, accepted, _code = await handshake(ORIGIN)
    assert accepted
    for socket in [*sockets, late]:
        assert await socket.receive_output() == {
            "type": "websocket.close", "code": Code.RESTARTING, "reason": "5",
        }  # fmt: skip
    assert hub.here().sockets == set()


@pytest.fixture
def town(tmp_path) -> Iterator[Server]:
    """A server with an open poll, made before its worker could lay hands on it."""
    server = Server(tmp_path)
    made = "from tests.voting import polls; print(polls.opened().topic)"
    try:
        server.manage("prepare")
        server.topic = server.manage("shell", "-v0", "-c", made).split()[-1]
        server.start()
        yield server
    finally:
        server.close()


@pytest.mark.faults
@pytest.mark.adversary("I7")
async def test_a_real_server_says_so_before_it_ends(town):
    address = f"{town.site.replace('http', 'ws')}/ws/?topics={town.topic}"
    sockets = [await open_socket(address, origin=town.site, proxy=None) for _ in range(20)]
    for socket in sockets:
        await socket.recv()
    ended = asyncio.create_task(asyncio.to_thread(town.stop))
    assert {await last_word(socket) for socket in sockets} == {(1012, "5")}
    await asyncio.wait_for(ended, PATIENCE_S)
    assert town.process.returncode == 0


async def last_word(socket) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await asyncio.wait_for(socket.recv(), PATIENCE_S)
    assert closed.value.rcvd is not None, "the connection broke without a word"
    return closed.value.rcvd.code, closed.value.rcvd.reason
