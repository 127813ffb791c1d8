"""How many sockets one address and one session hold, counted exactly however they end."""

import asyncio
import random
from contextlib import suppress

import pytest
from django.test import override_settings

from realtime import hub
from realtime.codes import Code
from realtime.routing import sockets
from tests.realtime.listener import Listener
from tests.realtime.test_sockets import ORIGIN

FULL = {"type": "websocket.close", "code": Code.FULL, "reason": "30"}


@pytest.fixture
def limits():
    with override_settings(LIMITS=True, SOCKETS_PER_ADDRESS=20, SOCKETS_PER_SESSION=4):
        yield


@pytest.fixture
async def arrive(connect):
    """Come from an address; the first message, which is a mark or the last word."""
    opened = []

    async def act(address="203.0.113.9", *, session="", forwarded="", topics="meeting.7:0"):
        headers = [ORIGIN]
        if session:
            headers.append((b"cookie", f"sessionid={session}".encode()))
        if forwarded:
            headers.append((b"x-forwarded-for", forwarded.encode()))
        socket = Listener(sockets, f"/ws/?topics={topics}", headers)
        socket.scope["client"] = [address, 4711] if address else None
        opened.append(socket)
        assert await socket.connect() == (True, None)
        return socket, await socket.receive_output()

    yield act
    for socket in opened:
        with suppress(asyncio.CancelledError):  # one that was, says so again
            await socket.disconnect()
    assert hub.here().door.open == {}


async def refused(coming) -> bool:
    _socket, first = await coming
    assert first == FULL or first["type"] == "websocket.send"
    return first == FULL


@pytest.mark.adversary("G4")
async def test_an_address_has_its_share_and_others_have_theirs(arrive, limits):
    told = [await refused(arrive()) for _ in range(25)]
    assert told == [False] * 20 + [True] * 5
    assert not await refused(arrive("203.0.113.10"))


@pytest.mark.adversary("G4")
async def test_a_session_has_its_share_wherever_it_is(arrive, limits):
    come = [arrive(f"203.0.113.{n}", session="a" * 32) for n in range(6)]
    assert [await refused(coming) for coming in come] == [False] * 4 + [True] * 2
    assert not await refused(arrive(session="b" * 32))


@pytest.mark.adversary("G4")
async def test_a_school_behind_one_address_has_room(arrive):
    with override_settings(LIMITS=True):
        told = [await refused(arrive(session=f"s{n}")) for n in range(500)]
    assert not any(told)


@pytest.mark.adversary("G4")
@pytest.mark.parametrize("proxies", [0, 1])
async def test_a_forged_address_is_nobody_s_share(arrive, limits, proxies):
    with override_settings(TRUSTED_PROXIES=proxies):
        forged = [arrive("10.0.0.2", forwarded=f"6.6.6.{n}, 203.0.113.9") for n in range(22)]
        told = [await refused(coming) for coming in forged]
        assert told == [False] * 20 + [True] * 2
        neighbour = arrive("10.0.0.2", forwarded="203.0.113.10")
        assert await refused(neighbour) == (proxies == 0)


async def test_a_household_of_many_addresses_is_one(arrive, limits):
    told = [await refused(arrive(f"2001:db8::{n:x}")) for n in range(22)]
    assert told == [False] * 20 + [True] * 2


async def test_a_socket_in_the_file_system_counts_for_nobody(arrive, limits):
    assert not any([await refused(arrive("")) for _ in range(22)])


async def test_limits_can_be_switched_off(arrive):
    with override_settings(LIMITS=False, SOCKETS_PER_ADDRESS=1):
        assert not any([await refused(arrive()) for _ in range(3)])


@pytest.mark.adversary("G4", "B15")
async def test_every_way_a_socket_ends_makes_room(arrive, limits, meetings):
    meetings.private["secret"] = set()
    chance = random.Random(1)
    for _round in range(3):
        held = await asyncio.gather(*[arrive() for _ in range(20)])
        assert sorted(hub.here().door.open.values()) == [20]
        assert await refused(arrive())
        for socket, _first in held:
            match chance.choice(["disconnect", "odd", "gone", "cancel"]):
                case "disconnect":
                    await socket.disconnect()
                case "odd":
                    await socket.send_input({"type": "websocket.receive", "text": "x"})
                case "gone":
                    await socket.send_input({"type": "websocket.receive",
                                             "text": '{"follow":"meeting.secret"}'})  # fmt: skip
                case "cancel":
                    socket.future.cancel()
        for coming in (arrive(topics="meeting.secret"), arrive(topics="x")):
            assert (await coming)[1]["code"] in {Code.NOT_YOURS, Code.MALFORMED, Code.FULL}
        async with asyncio.timeout(30):
            while hub.here().door.open:
                await asyncio.sleep(0.01)
