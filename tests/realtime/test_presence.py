"""How many are here: a rounded number, summed over processes, and nothing about anybody."""

import asyncio
import json

import pytest
from channels.layers import InMemoryChannelLayer

from engage.domain.topics import Topic
from realtime.domain.requests import Follow
from realtime.hub import Hub
from realtime.presence import GROUP
from realtime.topics import KINDS, Kind
from tests.realtime.readers import Clock, Reader

TOPIC = Topic("meeting", "7")


class Shared(InMemoryChannelLayer):
    """One layer between processes, as far as a hub can tell."""


@pytest.fixture
def crowds(meetings) -> None:
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, presence=True)


class Processes:
    """Hubs side by side with one clock."""

    def __init__(self, layer, count: int):
        self.clock = Clock()
        self.hubs = [
            Hub(layer, clock=self.clock, call_later=self.clock.call_later) for _ in range(count)
        ]
        for hub in self.hubs:
            hub.presence.shared = True
        self.inside: dict[Reader, tuple[Hub, object]] = {}

    async def enter(self, number: int, readers: int) -> list[Reader]:
        new = [Reader() for _ in range(readers)]
        hub = self.hubs[number]
        for reader in new:
            follower = hub.follower(reader.send, "")
            await hub.follow(follower, Follow(TOPIC, 0))
            self.inside[reader] = hub, follower
        return new

    async def leave(self, readers: list[Reader]) -> None:
        for reader in readers:
            hub, follower = self.inside.pop(reader)
            hub.leave(follower)
        await self.settle()

    async def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            for hub in self.hubs:
                while hub._tasks:
                    await asyncio.gather(*hub._tasks, return_exceptions=True)
            await asyncio.sleep(0)


def shown(reader: Reader) -> list:
    return [message["d"] for message in reader.got if message.get("g") == "presence"]


FEWER = {"here": 5, "fewer": True}


def exactly(count: int) -> dict:
    return {"here": count, "fewer": False}


@pytest.fixture
async def processes(connect, crowds):
    made = []

    def start(count: int) -> Processes:
        made.append(Processes(Shared(), count))
        return made[-1]

    yield start
    for each in made:
        await each.leave(list(each.inside))


@pytest.mark.adversary("B16")
async def test_fewer_than_five_are_never_told_apart(processes):
    town = processes(1)
    first = (await town.enter(0, 1))[0]
    await town.pass_time(4)
    for others in range(3):
        await town.enter(0, 1)
        await town.pass_time(4)
        assert shown(first) == [FEWER], others
    await town.enter(0, 8)
    await town.pass_time(4)
    assert shown(first) == [FEWER, exactly(10)]


@pytest.mark.adversary("B16")
async def test_a_message_names_nobody(processes):
    town = processes(1)
    reader = (await town.enter(0, 6))[0]
    await town.pass_time(4)
    told = [message for message in reader.got if message.get("g") == "presence"]
    assert told == [{"t": "meeting.7", "g": "presence", "v": 0, "d": exactly(5)}]


async def test_the_processes_of_a_town_count_together(processes):
    town = processes(3)
    crowd = [await town.enter(number, readers) for number, readers in enumerate((12, 3, 20))]
    await town.pass_time(7)
    assert [shown(readers[0])[-1] for readers in crowd] == [exactly(35)] * 3
    await town.leave(crowd[2])
    await town.pass_time(4)
    assert [shown(readers[0])[-1] for readers in crowd[:2]] == [exactly(15)] * 2


async def test_a_process_that_fell_silent_is_forgotten(processes):
    town = processes(2)
    ours, theirs = await town.enter(0, 5), await town.enter(1, 20)
    await town.pass_time(7)
    assert shown(ours[0])[-1] == exactly(25)
    town.hubs[1].rounds.end()
    await town.pass_time(14)
    assert shown(ours[0])[-1] == exactly(25)
    await town.pass_time(7)
    assert shown(ours[0])[-1] == exactly(5)
    await town.leave(theirs)


@pytest.mark.adversary("B16")
async def test_coming_and_going_is_a_gauge_not_a_stream(processes):
    town = processes(1)
    reader = (await town.enter(0, 1))[0]
    for _second in range(12):
        await town.enter(0, 10)
        await town.pass_time(1)
    assert len(shown(reader)) <= 4
    assert shown(reader)[-1] == exactly(120)


async def test_who_comes_later_is_told_at_once(processes):
    town = processes(1)
    await town.enter(0, 9)
    await town.pass_time(4)
    late = (await town.enter(0, 1))[0]
    assert shown(late) == [exactly(5)]


async def test_odd_news_of_other_processes_count_for_nothing(processes):
    town = processes(1)
    reader = (await town.enter(0, 5))[0]
    for odd in (
        {}, {"process": 7, "here": {}}, {"process": "p", "here": 7},
        {"process": "p", "here": {"meeting.7": "many"}},
        {"process": "q", "here": {"meeting.7": -9}},
    ):  # fmt: skip
        town.hubs[0].hear({"type": "hubs.presence"} | odd)
    await town.pass_time(4)
    assert json.dumps(shown(reader)) == json.dumps([exactly(5)])


async def test_a_single_process_tells_nobody(connect, crowds, layer):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    assert GROUP not in layer.groups
