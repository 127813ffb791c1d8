"""One reader who has stalled neither delays the others nor fills the memory, and ends right."""

import asyncio

import pytest

from engage.domain.topics import Topic
from realtime import hub
from realtime.codes import Code
from realtime.domain.requests import Follow
from realtime.hub import Hub
from realtime.sending import UNSENT_LIMIT
from tests.realtime.readers import Buffered, Clock, Reader

TOPIC = Topic("meeting", "7")


class Hall:
    """A hub with a clock of its own, and readers."""

    def __init__(self, layer):
        self.clock = Clock()
        self.hub = Hub(layer, clock=self.clock, call_later=self.clock.call_later)
        self.followers = {}

    async def enter(self, reader, since: int = 0):
        follower = self.followers[reader] = self.hub.follower(reader.send, "")
        await self.hub.follow(follower, Follow(TOPIC, since))
        return reader

    async def rest(self) -> None:
        """Until the hub has nothing more to do at this moment."""
        for _ in range(5):
            await asyncio.sleep(0)
        while self.hub._tasks:
            await asyncio.gather(*self.hub._tasks, return_exceptions=True)
            await asyncio.sleep(0)

    async def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            await self.rest()

    def show(self, version: int, **data) -> None:
        reading = {"type": "news.gauge", "topic": str(TOPIC), "name": "tally"}
        self.hub.hear(reading | {"version": version, "data": data})

    async def leave(self) -> None:
        for follower in self.followers.values():
            self.hub.leave(follower)
        await self.rest()


@pytest.fixture
async def hall(layer, meetings, connect, monkeypatch):
    hall = Hall(layer)
    monkeypatch.setattr(hub, "_here", hall.hub)
    yield hall
    await hall.leave()


async def publish(hall, tell, times: int = 1) -> None:
    for _ in range(times):
        await tell(str(TOPIC))
        await asyncio.sleep(0.01)
        await hall.rest()


async def test_others_do_not_wait_for_a_stalled_reader(hall, tell):
    slow, quick = await hall.enter(Reader()), await hall.enter(Reader())
    slow.stall()
    await publish(hall, tell, 5)
    hall.show(1, ballots=1)
    assert (quick.numbers, quick.versions) == ([1, 2, 3, 4, 5], [1])
    assert (slow.numbers, slow.versions) == ([], [])
    slow.flow()
    await hall.rest()
    assert (slow.numbers, slow.versions) == ([1, 2, 3, 4, 5], [1])
    assert slow.got[-1] == {"t": "meeting.7", "at": 5}
    assert hall.hub.latecomers.slow == {}


async def test_a_stalled_reader_misses_gauges_but_the_newest(hall):
    slow = await hall.enter(Reader())
    slow.stall()
    for version in range(1, 20):
        hall.show(version, ballots=version)
        hall.clock.advance(1)
    slow.flow()
    await hall.rest()
    assert slow.versions == [1, 19]


async def test_a_stalled_reader_too_far_behind_is_sent_to_the_page(hall, tell):
    slow = await hall.enter(Reader())
    slow.stall()
    await publish(hall, tell, 35)
    slow.flow()
    await hall.rest()
    assert slow.numbers == [1]
    assert {"t": "meeting.7", "reset": True, "at": 35} in slow.got
    await publish(hall, tell)
    assert slow.numbers == [1, 36]


async def test_behind_for_half_a_minute_ends_the_socket(hall, tell):
    slow, quick = await hall.enter(Reader()), await hall.enter(Reader())
    slow.stall()
    await publish(hall, tell, 2)
    await hall.pass_time(29)
    assert slow.code is None
    await hall.pass_time(3)
    assert (slow.code, quick.code) == (Code.TOO_SLOW, None)
    assert hall.followers[slow] not in hall.hub.rooms["meeting.7"].followers


async def test_unsent_bytes_in_the_server_count_as_behind(hall, tell):
    slow, quick = await hall.enter(Buffered()), await hall.enter(Buffered())
    slow.stalled = True
    for version in range(1, 2000):
        hall.show(version, note="x" * 100)
        hall.clock.advance(0.25)
    await hall.rest()
    assert UNSENT_LIMIT < slow.held < UNSENT_LIMIT + 1000
    assert slow.code == Code.TOO_SLOW
    assert len(quick.got) > 1990


async def test_a_reader_whose_buffer_drains_goes_on(hall, tell):
    reader = await hall.enter(Buffered())
    reader.stalled = True
    reader.protocol.transport._tempDataLen = UNSENT_LIMIT + 1
    await publish(hall, tell, 3)
    assert len(reader.got) == 1
    reader.flow()
    await hall.pass_time(1)
    assert [text.partition(',"n":')[2][:1] for text in reader.got[1:4]] == ["1", "2", "3"]
    await hall.pass_time(40)
    assert reader.code is None


async def test_a_socket_that_broke_stops_nobody(hall, tell):
    broken, whole = await hall.enter(Reader()), await hall.enter(Reader())
    broken.error = OSError("gone")
    await publish(hall, tell, 3)
    assert whole.numbers == [1, 2, 3]
    assert broken.numbers == []
    await hall.pass_time(32)
    assert list(hall.hub.rooms["meeting.7"].followers) == [hall.followers[whole]]


@pytest.mark.adversary("B13")
async def test_everybody_has_a_sign_of_life_every_few_seconds(hall):
    readers = [await hall.enter(Reader()) for _ in range(25)]
    for _ in range(3):
        before = [len(reader.got) for reader in readers]
        await hall.pass_time(11)
        assert all(len(r.got) > n for r, n in zip(readers, before, strict=True))
    assert max(len(reader.got) for reader in readers) <= 7
    for version in range(1, 121):
        hall.show(version)
        hall.clock.advance(0.25)
    silent = [sum("at" in message for message in reader.got) for reader in readers]
    hall.clock.advance(2)
    assert silent == [sum("at" in message for message in reader.got) for reader in readers]


async def test_a_storm_of_readings_is_four_frames_a_second(hall):
    reader = await hall.enter(Reader())
    for version in range(1, 1001):
        hall.show(version, ballots=version)
        hall.clock.advance(0.01)
    await hall.rest()
    hall.clock.advance(0.25)
    await hall.rest()
    assert 40 <= len(reader.versions) <= 42
    assert reader.versions[-1] == 1000
    hall.show(3, ballots=3)
    hall.clock.advance(1)
    assert reader.versions[-1] == 1000
