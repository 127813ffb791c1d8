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
from tests.servers import OPEN_POLL, Server, serving

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
    server = Server(tmp_path, LIMITS="false")
    with serving(server, ["shell", "-v0", "-c", OPEN_POLL]) as (printed,):
        server.topic = f"poll.{printed.split()[-1]}"
        yield server


@pytest.mark.faults
@pytest.mark.adversary("I7")
@pytest.mark.parametrize(
    ("readers", "seconds"), [(20, "5"), pytest.param(3_000, "30", marks=pytest.mark.soak)]
)
async def test_a_real_server_says_so_before_it_ends(town, readers, seconds):
    address = f"{town.site.replace('http', 'ws')}/ws/?topics={town.topic}"
    ours = {"origin": town.site, "proxy": None, "ping_interval": None}
    words = [
        asyncio.create_task(last_word(await open_socket(address, **ours))) for _ in range(readers)
    ]
    ended = asyncio.create_task(asyncio.to_thread(town.stop))
    assert set(await asyncio.gather(*words)) == {(1012, seconds)}
    await asyncio.wait_for(ended, PATIENCE_S)
    assert town.process.returncode == 0


async def last_word(socket) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await socket.recv()
    assert closed.value.rcvd is not None, "the connection broke without a word"
    return closed.value.rcvd.code, closed.value.rcvd.reason
