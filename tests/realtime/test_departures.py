"""That somebody may have lost a right is told after commit, to all who listen, without a name."""

import asyncio
import threading

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.db import connections, transaction

from engage.identity.session_store import SessionStore
from engage.web import departures
from realtime import hub, messenger
from realtime.delivery import look_again
from tests.realtime.listener import PATIENCE_S


@pytest.fixture
def heard(monkeypatch):
    """How often it was told; one listener before us fails."""
    times = []

    def fail():
        raise RuntimeError("nobody's business")

    monkeypatch.setattr(departures, "_listeners", [])
    for listener in (fail, lambda: times.append(1)):
        departures.register(listener)
        departures.register(listener)
    return times


@pytest.mark.django_db(transaction=True)
def test_it_is_told_after_commit_and_not_after_a_rollback(heard):
    with transaction.atomic():
        departures.tell()
        assert heard == []
    assert heard == [1]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        departures.tell()
        raise ZeroDivisionError
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_every_end_of_a_session_is_told(heard):
    for end in (SessionStore.flush, SessionStore.cycle_key, SessionStore.delete):
        session = SessionStore()
        session.create()
        before = len(heard)
        end(session)
        assert len(heard) == before + 1, end


class Group(InMemoryChannelLayer):
    """As a layer that other processes share: it only keeps what is sent to it."""

    async def group_send(self, group, message):
        sent.append((group, message))


sent: list = []


@pytest.fixture
def shared(monkeypatch):
    sent.clear()
    monkeypatch.setattr("realtime.delivery.InMemoryChannelLayer", type(None))
    before = channel_layers.set("default", Group())
    yield sent
    channel_layers.set("default", before)


def test_a_process_without_readers_tells_the_others(shared):
    thread = threading.Thread(target=look_again)
    thread.start()
    thread.join()
    messenger.end()
    assert shared == [("hubs", {"type": "hubs.look"})]
    messenger._begin_afresh()


async def test_a_hub_that_hears_it_looks_soon_and_once(connect, monkeypatch):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    at, looks = hub.here(), []
    monkeypatch.setattr("realtime.rounds.LOOK_S", 0.01)
    monkeypatch.setattr(at.rounds, "_begin_asking", lambda: looks.append(1))
    for _ in range(100):
        at.hear({"type": "hubs.look"})
    async with asyncio.timeout(PATIENCE_S):
        while not looks:
            await asyncio.sleep(0.01)
    assert looks == [1]


@pytest.mark.django_db(transaction=True)
def test_where_nobody_listens_it_just_works():
    before = channel_layers.set("default", None)
    try:
        look_again()
        departures.tell()
    finally:
        channel_layers.set("default", before)
        connections.close_all()
