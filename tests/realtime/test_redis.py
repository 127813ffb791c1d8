"""Two processes and a layer between them, which may go away and come back."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from channels_redis.pubsub import RedisPubSubChannelLayer

from engage.journal.listeners import Gauge
from realtime import hub
from realtime.delivery import deliver
from realtime.presence import GROUP
from realtime.topics import KINDS, Kind
from tests.realtime.listener import PATIENCE_S
from tests.services import valkey

LIE = {"type": "news.gauge", "topic": "meeting.7", "name": "tally", "data": {"ballots": 5}}


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with valkey() as names:
        yield names["REDIS_URL"]


def layer_at(url: str) -> RedisPubSubChannelLayer:
    return RedisPubSubChannelLayer(hosts=[{"address": url, "socket_timeout": None}])


def other_process(url: str, group: str, message: dict) -> None:
    """As far as the layer can tell: a loop and a connection of its own."""
    thread = threading.Thread(target=lambda: asyncio.run(layer_at(url).group_send(group, message)))
    thread.start()
    thread.join()


@pytest.fixture
async def layer(redis):
    layer = layer_at(redis)
    yield layer
    await layer.flush()


async def test_news_of_another_process_reaches_our_pages(connect, tell, redis):
    sockets = [await connect("meeting.7:0") for _ in range(3)]
    for socket in sockets:
        assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    await asyncio.to_thread(other_process, redis, "meeting.7", LIE | {"version": 3})
    for socket in sockets:
        assert (await socket.receive_json_from())["v"] == 3
    await tell("meeting.7")
    for socket in sockets:
        assert (await socket.receive_json_from())["n"] == 1


async def test_the_readers_of_other_processes_are_counted(connect, meetings, redis):
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, presence=True)
    socket = await connect("meeting.7:0")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    others = {"type": "hubs.presence", "process": "another", "here": {"meeting.7": 20}}
    await asyncio.to_thread(other_process, redis, GROUP, others)
    async with asyncio.timeout(PATIENCE_S):
        while (await socket.receive_json_from()).get("d") != {"here": 20, "fewer": False}:
            pass


async def test_news_leave_though_the_server_s_loop_has_no_time_for_them(connect, layer):
    """It may be ending: whoever waited for it would keep the process from ending at all."""
    told = threading.Event()

    def act() -> None:
        deliver(Gauge("meeting.7", "tally", 1, {}))
        told.set()

    assert hub.running() is None
    acting = asyncio.ensure_future(sync_to_async(act, thread_sensitive=False)())
    await asyncio.sleep(0)
    assert told.wait(30)
    await acting


@pytest.mark.adversary("B15")
async def test_nothing_is_left_in_the_layer(connect, layer):
    for _round in range(3):
        socket = await connect("meeting.7:0,meeting.8:0")
        await socket.receive_json_from()
        await socket.disconnect()
        while hub.here()._tasks:
            await asyncio.sleep(0.01)
    inner = layer._get_layer()
    assert (inner.channels, inner.groups) == ({}, {})
    assert inner._shards[0]._subscribed_to == set()


@pytest.fixture
async def lost_layer():
    return layer_at("redis://127.0.0.1:9/0")


class TestWithoutRedis:
    @pytest.fixture
    async def layer(self, lost_layer):
        return lost_layer

    @pytest.mark.faults
    async def test_pages_still_hear_within_seconds(self, connect, tell, caplog):
        socket = await connect("meeting.7:0")
        assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
        await tell("meeting.7", "poll.closed")
        async with asyncio.timeout(30):
            while (await socket.receive_json_from()).get("n") != 1:
                pass
        assert caplog.text.count("The channel layer is away") == 1
