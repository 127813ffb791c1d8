"""Whoever goes away while their topic is being opened leaves nothing running behind."""

import asyncio

import pytest
from channels.layers import InMemoryChannelLayer

from engage.domain.topics import Topic
from realtime import hub
from realtime.domain.requests import Follow
from tests.realtime.conftest import quiet
from tests.realtime.listener import PATIENCE_S
from tests.realtime.readers import Reader

PLACE = Follow(Topic("meeting", "7"), 0)


class Hesitant(InMemoryChannelLayer):
    """Lets nobody join a group until it ``agrees``."""

    def __init__(self):
        super().__init__()
        self.asked, self.agrees = asyncio.Event(), asyncio.Event()

    async def group_add(self, group, channel):
        self.asked.set()
        await self.agrees.wait()
        await super().group_add(group, channel)


@pytest.fixture
async def layer():
    yield Hesitant()


async def test_an_opening_that_nobody_waits_for_begins_no_rounds(connect, layer, meetings):
    at = hub.here()
    guest = asyncio.create_task(at.follow(at.follower(Reader().send, ""), PLACE))
    await layer.asked.wait()
    (opening,) = [room.steps["open"] for room in at.rooms.values()]
    guest.cancel()
    await asyncio.gather(guest, return_exceptions=True)
    assert at.rooms == {}
    layer.agrees.set()
    async with asyncio.timeout(PATIENCE_S):
        await opening
        await quiet()
    assert at.rounds._beating is None
    assert layer.groups == {}


async def test_whoever_comes_meanwhile_is_served_by_an_opening_of_their_own(connect, layer, tell):
    await tell("meeting.7")
    at = hub.here()
    guest = asyncio.create_task(at.follow(at.follower(Reader().send, ""), PLACE))
    await layer.asked.wait()
    guest.cancel()
    await asyncio.gather(guest, return_exceptions=True)
    coming = asyncio.create_task(connect("meeting.7:0"))
    layer.agrees.set()
    socket = await coming
    assert [(await socket.receive_json_from()).get("n") for _ in range(2)] == [1, None]
    assert at.rounds._beating is not None
