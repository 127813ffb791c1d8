"""The level is found by test, may be asked to be lower, falls once and is shown."""

from operator import attrgetter

import pytest

from realtime.sending import direct, levels, ring
from realtime.sending.levels import Level, best, current, examine, fall, trusts
from realtime.sending.lines import Kind, Line, line_of, understood
from realtime.sending.ring import Ring
from realtime.sending.sender import Sender
from tests.realtime.sending.served import needs_ring


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    monkeypatch.setattr(levels, "_now", None)
    trusts.cache_clear()
    yield
    trusts.cache_clear()


@pytest.mark.parametrize("highest", [0, 1, pytest.param(2, marks=needs_ring)])
def test_as_little_as_is_asked_for(highest, settings):
    settings.SENDING = highest
    assert current().number == highest
    assert current() is current()


def test_a_ring_that_is_refused_leaves_one_call_each(monkeypatch, caplog):
    monkeypatch.setattr(ring, "_SETUP", 9_999)
    assert best(2).number == 1
    assert "Function not implemented" in best(2).reason
    sender = Sender(Level(2, "hoped for"))
    assert sender.level.number == 1


@needs_ring
def test_a_ring_whose_call_is_refused_later_is_not_trusted(monkeypatch):
    monkeypatch.setattr(ring, "_ENTER", 9_999)
    assert best(2).number == 1


def ring_of_eight(sockets, wire):
    made = Ring(8)
    try:
        return made.write(sockets, wire)
    finally:
        made.close()


WAYS = {
    "one by one": (direct.write, True),
    "a ring": (ring_of_eight, True),
    "says so and does nothing": (lambda sockets, wire: [len(wire)] * len(sockets), False),
    "does nothing": (lambda sockets, wire: [-1] * len(sockets), False),
    "leaves out a byte": (lambda sockets, wire: direct.write(sockets, wire[:-1] + b"!"), False),
    "says more than it does": (
        lambda sockets, wire: [abs(taken) for taken in direct.write(sockets, wire)],
        False,
    ),
}


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=needs_ring if way == "a ring" else ()) for way in WAYS]
)
def test_a_way_is_examined_on_real_sockets(way):
    write, right = WAYS[way]
    assert (examine(write) == "") is right


@needs_ring
def test_a_fall_is_for_good_and_said_once(settings, caplog):
    settings.SENDING = 2
    assert fall(1, "the ring broke").number == 1
    assert fall(1, "the ring broke").number == 1
    assert fall(2, "no way up") == Level(1, "the ring broke")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_an_older_server_is_left_to_itself(monkeypatch, caplog):
    assert trusts("daphne") and trusts("uvicorn")
    trusts.cache_clear()
    monkeypatch.setitem(levels.FLOORS, "daphne", (99,))
    assert not trusts("daphne")
    assert current() == Level(0, "daphne is older than 99")
    assert len(caplog.records) == 1


async def test_an_unknown_server_is_left_to_itself(caplog):
    async def send(event):
        pass

    assert line_of(send) is None
    assert line_of(send) is None
    assert current().number == 0
    assert len(caplog.records) == 1


def test_a_server_built_in_another_way_is_left_to_itself(caplog):
    kind = Kind("daphne", (("transport", attrgetter("unsent"), 0),))
    assert not understood(Line(kind, 3, object(), object()))
    assert "another way" in current().reason
    assert len(caplog.records) == 1


def test_a_server_of_no_package_is_left_to_itself(monkeypatch):
    monkeypatch.setitem(levels.FLOORS, "a-server-of-nobody", (1,))
    assert not trusts("a-server-of-nobody")


def test_readiness_shows_the_level(client, db, settings):
    settings.SENDING = 1
    answer = client.get("/readyz").json()
    assert answer["ready"] is True
    assert answer["sending"] == {"number": 1, "reason": "asked for at most 1"}
