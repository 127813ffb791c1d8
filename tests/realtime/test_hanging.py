"""While the database gives no answer, pages are told what is known, and do not look complete."""

import asyncio
import socket
import threading
import time

import psycopg
import pytest
from django.db import ConnectionHandler
from psycopg import OperationalError

from engage.settings import _database
from realtime import hub, rendering
from realtime.latecomers import SILENCE_S
from realtime.reader import read
from realtime.topics import KINDS, Kind
from tests.realtime.listener import PATIENCE_S
from tests.realtime.readers import Reader

WAIT_S = 5
HINT = {"type": "news.fact", "topic": "meeting.7", "kind": "post.added", "data": {}}


@pytest.fixture
def hanging(meetings, monkeypatch):
    """Meetings whose html hangs until the event is set, as a question to a lost database would."""
    monkeypatch.setattr(rendering, "_kept", {})
    answers = threading.Event()

    def render(_topic, parts):
        assert answers.wait(PATIENCE_S)
        return dict.fromkeys(parts, '<p id="said"></p>')

    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, page=30, html=render)
    yield answers
    answers.set()


def fact(number: int, **more) -> dict:
    return {"t": "meeting.7", "n": number, "k": "post.added", "d": {}, **more}


async def next_fact(socket) -> dict:
    """Signs of life go on meanwhile."""
    while "n" not in (told := await socket.receive_json_from()):
        pass
    return told


async def test_facts_are_told_in_order_though_no_html_comes(connect, tell, hanging, monkeypatch):
    monkeypatch.setattr("realtime.reader.MOMENT_S", WAIT_S)
    socket = await connect("meeting.7:0")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    started = time.monotonic()
    for _ in range(5):
        await tell("meeting.7")
    assert [await next_fact(socket) for _ in range(5)] == [fact(n) for n in range(1, 6)]
    assert time.monotonic() - started < 4 * WAIT_S, "together, not one by one"
    hanging.set()
    await tell("meeting.7")
    assert await next_fact(socket) == fact(6, h='<p id="said"></p>')


async def test_what_was_missed_is_told_though_no_html_comes(connect, tell, hanging):
    for _ in range(3):
        await tell("meeting.7")
    socket = await connect("meeting.7:0")
    assert [await next_fact(socket) for _ in range(3)] == [fact(1), fact(2), fact(3)]
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 3}


@pytest.mark.parametrize("missed", [False, True], ids=["heard", "missed"])
async def test_who_comes_while_html_is_made_gets_theirs_too(
    connect, tell, hanging, monkeypatch, missed
):
    """Html is being made for one language when a reader of another is let in."""
    monkeypatch.setattr("realtime.reader.MOMENT_S", PATIENCE_S)
    if missed:
        await tell("meeting.7")
    first = await connect("meeting.7:0", language="en")
    if not missed:
        await tell("meeting.7")
    await asyncio.sleep(0.1)
    second = Reader()
    here = hub.here()
    late = here.follower(second.send, "", "de")
    room = here.rooms["meeting.7"]
    room.admit(late, 0)
    hanging.set()
    assert await next_fact(first) == fact(1, h='<p id="said"></p>')
    async with asyncio.timeout(PATIENCE_S):
        while not second.numbers:
            await asyncio.sleep(0.01)
    assert [m.get("h") for m in second.got if "n" in m] == ['<p id="said"></p>']
    here.leave(late)


async def test_a_fact_without_html_does_not_overtake_one_that_waits_for_it(connect, hanging, layer):
    """Nobody reads html any more when the second comes."""
    german, plain = await connect("meeting.7:0"), Reader()
    at = hub.here()
    await german.receive_from()
    follower = at.follower(plain.send, "")
    at.rooms["meeting.7"].admit(follower, 0)
    await layer.group_send("meeting.7", HINT | {"sequence": 1})
    await asyncio.sleep(0.1)
    await german.disconnect()
    await layer.group_send("meeting.7", HINT | {"sequence": 2})
    async with asyncio.timeout(PATIENCE_S):
        while len(plain.numbers) < 2:
            await asyncio.sleep(0.01)
    assert plain.numbers == [1, 2]
    at.leave(follower)


async def test_who_lacks_facts_that_nobody_can_read_knows_it(connect, tell, meetings, layer):
    """A page that is told of more facts than it holds does not say that it is live."""
    socket = await connect("meeting.7:0")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    await tell("meeting.7")
    assert (await socket.receive_json_from())["n"] == 1
    answers = threading.Event()
    stuck = asyncio.create_task(read(answers.wait, PATIENCE_S))
    await asyncio.sleep(0.1)
    try:
        started = time.monotonic()
        await layer.group_send("meeting.7", HINT | {"sequence": 3})
        assert await socket.receive_json_from() == {"t": "meeting.7", "at": 3}
        assert time.monotonic() - started >= SILENCE_S
    finally:
        answers.set()
        await stuck


def test_a_database_that_lets_in_and_says_nothing_is_given_up(monkeypatch):
    """What the address asks for is asked for as well, and wins."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"postgres://town@127.0.0.1:{door.getsockname()[1]}/town?sslmode=disable"
        monkeypatch.setenv("SILENT_URL", address)
        monkeypatch.setenv("PATIENT_URL", f"{address}&connect_timeout=60")
        named = {"default": _database("SILENT_URL", ""), "other": _database("PATIENT_URL", "")}
        silent, patient = ConnectionHandler(named).all()
        asked = silent.get_connection_params()
        assert (asked["sslmode"], asked["tcp_user_timeout"]) == ("disable", 10_000)
        assert patient.get_connection_params()["connect_timeout"] == 60
        started = time.monotonic()
        with pytest.raises(OperationalError):
            psycopg.connect(**asked)
        assert time.monotonic() - started < PATIENCE_S
