"""The laws of live updates: old state and messages = fresh state, whatever the layer loses."""

import asyncio
import random
import time
from contextlib import suppress

import pytest
from channels.db import database_sync_to_async
from django.db.backends.utils import CursorWrapper

from engage.journal.selectors import heads, since
from realtime import hub, latecomers
from tests.realtime.layers import Deaf, Unreliable
from tests.realtime.listener import PATIENCE_S
from tests.realtime.page import Page


@database_sync_to_async
def load(topic: str) -> tuple[int, list[str]]:
    """A fresh load of the page."""
    facts = since(topic, 0, 10_000)
    return len(facts), [fact.kind for fact in facts]


async def read_all(socket, page: Page, topic: str) -> None:
    """Apply what waits for the page; a reset makes it fetch."""
    with suppress(asyncio.QueueEmpty):
        while True:
            event = socket.output_queue.get_nowait()
            assert event["type"] == "websocket.send", event
            fresh = await load(topic) if '"reset"' in event["text"] else None
            page.take(event["text"], lambda fresh=fresh: fresh)


@pytest.mark.adversary("B1", "B3")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_page_ends_like_a_fresh_one(connect, tell, read_out, monkeypatch, layer, seed):
    layer.__class__ = Unreliable
    monkeypatch.setattr(Unreliable, "chance", random.Random(seed))
    chance, topic, version = random.Random(seed), "meeting.7", 0
    pages: list[tuple] = []
    for step in range(60):
        act = chance.random()
        if act < 0.15 and len(pages) < 8:
            page = Page(*await load(topic))
            pages.append((await connect(f"{topic}:{page.at}"), page))
        elif act < 0.6:
            await tell(topic, "post.added", step=step)
        else:
            version += 1
            await read_out(topic, version, ballots=step)
        for socket, page in pages:
            await read_all(socket, page, topic)
    stopped = time.monotonic()
    fresh = await load(topic)
    latest = hub.KINDS["meeting"].gauges(hub.Topic.parse(topic))["tally"]
    for socket, page in pages:
        while (page.at, page.facts, page.gauge) != (*fresh, latest.data):
            assert time.monotonic() - stopped < PATIENCE_S, (page.at, fresh, page.gauge, latest)
            await asyncio.sleep(0.05)
            await read_all(socket, page, topic)
    assert pages
    assert all(page.gaps == 0 for _socket, page in pages)


@pytest.mark.adversary("B3")
async def test_a_layer_that_tells_nothing_costs_seconds_not_truth(connect, tell, read_out, layer):
    layer.__class__ = Deaf
    socket = await connect("meeting.7:0")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    await tell("meeting.7", "poll.closed")
    await read_out("meeting.7", 9, ballots=3)
    expected = [
        {"t": "meeting.7", "n": 1, "k": "poll.closed", "d": {}},
        {"t": "meeting.7", "g": "tally", "v": 9, "d": {"ballots": 3}},
        {"t": "meeting.7", "at": 1},
    ]
    async with asyncio.timeout(30):
        while expected:
            message = await socket.receive_json_from()
            expected = [other for other in expected if other != message]


@pytest.mark.parametrize("missed", [0, 1, 29, 30])
async def test_what_was_missed_is_told_in_order_and_once(connect, tell, missed):
    for _ in range(missed):
        await tell("meeting.7")
    socket = await connect("meeting.7:0")
    told = [await socket.receive_json_from() for _ in range(missed + 1)]
    assert [message.get("n") for message in told[:-1]] == list(range(1, missed + 1))
    assert told[-1] == {"t": "meeting.7", "at": missed}
    assert await socket.receive_nothing()


@pytest.mark.parametrize("since", [0, 900])
async def test_too_far_away_means_fetching_the_page(connect, tell, since):
    for _ in range(31):
        await tell("meeting.7")
    socket = await connect(f"meeting.7:{since}")
    assert await socket.receive_json_from() == {"t": "meeting.7", "reset": True, "at": 31}
    await tell("meeting.7")
    assert (await socket.receive_json_from())["n"] == 32


async def test_a_page_that_noticed_a_gap_is_told_again(connect, tell):
    for _ in range(3):
        await tell("meeting.7")
    socket = await connect("meeting.7:3")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 3}
    await socket.send_json_to({"seen": "meeting.7:1"})
    told = [await socket.receive_json_from() for _ in range(3)]
    assert [message.get("n", message.get("at")) for message in told] == [2, 3, 3]
    await socket.send_json_to({"seen": "meeting.7:900"})
    assert await socket.receive_nothing()


async def test_a_hint_of_a_fact_that_no_journal_holds_hurts_nobody(connect, tell, layer):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    lie = {"type": "news.fact", "topic": "meeting.7", "sequence": 20, "kind": "a.b", "data": {}}
    await layer.group_send("meeting.7", lie)
    assert await socket.receive_nothing()
    await tell("meeting.7", "post.added")
    assert (await socket.receive_json_from())["n"] == 1


async def test_odd_messages_of_the_layer_are_dropped(connect, tell, layer, caplog):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    for odd in ({}, {"topic": []}, {"topic": "meeting.7"}, {"topic": "meeting.7", "type": "x"}):
        await layer.group_send("meeting.7", odd)
    await tell("meeting.7")
    assert (await socket.receive_json_from())["n"] == 1


async def test_a_thousand_readers_are_one_subscription_and_leave_nothing(connect, tell, layer):
    many = [await connect("meeting.7:0") for _ in range(50)]
    await (await connect("meeting.8:0")).receive_from()
    assert {group: len(members) for group, members in layer.groups.items()} == {
        "meeting.7": 1, "meeting.8": 1,
    }  # fmt: skip
    await tell("meeting.7")
    for socket in many:
        assert [(await socket.receive_json_from()).get("n") for _ in range(2)] == [None, 1]
        await socket.disconnect()
    while "meeting.7" in layer.groups:
        await asyncio.sleep(0.01)
    assert list(hub.here().rooms) == list(layer.groups) == ["meeting.8"]


async def test_after_the_handshake_messages_cost_no_query(connect, read_out, layer, monkeypatch):
    await read_out("meeting.7", 1, ballots=1)
    sockets = [await connect("meeting.7:0") for _ in range(3)]
    for socket in sockets:
        while (await socket.receive_json_from()).get("at") != 0:
            pass
    queries, execute = [], CursorWrapper.execute
    monkeypatch.setattr(
        CursorWrapper, "execute", lambda *a, **k: queries.append(a[1]) or execute(*a, **k)
    )
    for number in range(1, 6):
        fact = {"type": "news.fact", "topic": "meeting.7", "sequence": number, "kind": "a.b"}
        await layer.group_send("meeting.7", fact | {"data": {}})
        reading = {"type": "news.gauge", "topic": "meeting.7", "name": "tally"}
        await layer.group_send("meeting.7", reading | {"version": number + 1, "data": {}})
    for socket in sockets:
        await socket.send_json_to({"seen": "meeting.7:9"})
        got = []
        while not got or got[-1].get("v") != 6:
            got.append(await socket.receive_json_from())
        assert [message["n"] for message in got if "n" in message] == [1, 2, 3, 4, 5]
        assert [message["v"] for message in got if "v" in message] == [6]
    assert queries == []
    await database_sync_to_async(heads)(["meeting.7"])
    assert len(queries) == 1, "the counter counts"


async def test_one_opening_serves_all_who_come_at_once(connect, tell, monkeypatch):
    for _ in range(5):
        await tell("meeting.7")
    queries, execute = [], CursorWrapper.execute
    monkeypatch.setattr(
        CursorWrapper, "execute", lambda *a, **k: queries.append(a[1]) or execute(*a, **k)
    )
    sockets = await asyncio.gather(*[connect("meeting.7:2") for _ in range(40)])
    for socket in sockets:
        told = [await socket.receive_json_from() for _ in range(4)]
        assert [message.get("n") for message in told] == [3, 4, 5, None]
    assert len([query for query in queries if "journal" in query]) <= 4


async def test_a_handshake_on_a_known_open_topic_asks_nobody(connect, tell, monkeypatch):
    """Two thousand who come back at once cost two thousand handshakes and no more."""
    await tell("meeting.7")
    first = await connect("meeting.7:0")
    while (await first.receive_json_from()).get("at") != 1:
        pass

    async def asked(*question):
        raise AssertionError(question)

    for module in (hub, latecomers):
        monkeypatch.setattr(module, "read", asked)
    for socket in [await connect("meeting.7:1") for _ in range(50)]:
        assert await socket.receive_json_from() == {"t": "meeting.7", "at": 1}
