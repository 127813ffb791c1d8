"""At every level and under every server: whole frames, in order, each once, to whoever had room."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.realtime.sending.served import Room

SIZES = st.sampled_from([1, 90, 91, 300, 3_000, 65_000, 70_000])
STEPS = st.one_of(
    st.tuples(st.just("speak"), st.lists(SIZES, min_size=1, max_size=12), st.none()),
    st.tuples(st.just("speak"), st.lists(SIZES, min_size=1, max_size=4), st.integers(0, 2)),
    st.tuples(st.sampled_from(["stall", "flow", "break_off"]), st.integers(0, 2)),
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(script=st.lists(STEPS, min_size=3, max_size=12))
def test_each_reader_gets_whole_frames_in_order_and_none_twice(hall, level, script):
    room = Room(hall, level)
    quick, narrow, third = room.enter(), room.enter(narrow=True), room.enter(narrow=True)
    try:
        for step, *rest in script:
            if step == "speak":
                room.speak(*rest[0], ping=rest[1])
            elif (reader := room.readers[rest[0]]) is not quick and reader.socket.fileno() >= 0:
                getattr(reader, step)()
        here = [reader for reader in (quick, narrow, third) if reader.socket.fileno() >= 0]
        room.until_heard(*here)
        for gone in {narrow, third}.difference(here):
            assert gone.numbers == room.due(gone)[: len(gone.numbers)]
    finally:
        for reader in room.readers:
            reader.close()


def test_a_reader_who_stops_reading_loses_what_it_is_said_to_have_missed_and_no_more(room):
    quick, slow = room.enter(), room.enter(narrow=True)
    slow.stall()
    while not any(slow.seat in missed for missed in room.missed):
        room.speak(*[2_000] * 20)
    assert len(room.missed) < 6_000
    room.until_heard(quick, slow)
    assert quick.numbers == list(range(len(room.missed)))


def test_a_topic_s_facts_all_reach_a_reader_who_stood_still_and_gauges_need_not(room):
    quick, slow = room.enter(), room.enter(narrow=True)
    slow.stall()
    room.hall("meet", room=room.name, level=room.level)
    told = 0
    while not room.hall("catch_up", room=room.name):
        room.hall("tell", room=room.name, sizes=[1_000] * 10)
        told += 10
        assert told < 6_000
    slow.flow()
    slow.until(lambda: not room.hall("catch_up", room=room.name))
    everything = list(range(1, told + 1))
    quick.until(lambda: len(quick.told("n")) >= told)
    slow.until(lambda: len(slow.told("n")) >= told)
    assert quick.told("n") == slow.told("n") == everything
    shown = slow.told("v")
    assert shown == sorted(set(shown))
    assert len(shown) < told


def test_the_server_s_own_output_and_ours_do_not_mix(room):
    talked_to, other = room.enter(narrow=True), room.enter()
    talked_to.stall()
    for _ in range(20):
        room.speak(300, 70_000, ping=talked_to.seat)
    room.until_heard(talked_to, other)
    pings = [body for opcode, body in talked_to.frames if opcode.name == "PING"]
    assert pings == [b"ping"] * 40


@pytest.mark.adversary("B4")
def test_a_number_that_has_become_another_s_socket_carries_nothing_to_them(room):
    gone = room.enter()
    number = (room.look()[gone.seat] or {}).get("socket")
    gone.break_off()
    gone.until(lambda: not (room.look()[gone.seat] or {}).get("at_rest"))
    strangers = Room(room.hall, room.level)
    came = []
    try:
        while number not in [(seat or {}).get("socket") for seat in strangers.look()]:
            assert len(came) < 100, "a server gives its numbers again, the smallest first"
            came.append(strangers.enter())
        room.speak(*[300] * 10)
        strangers.speak(300)
        strangers.until_heard(*came)
    finally:
        for reader in came:
            reader.close()


def test_a_broken_socket_stops_nobody(room):
    readers = [room.enter() for _ in range(6)]
    room.speak(300)
    for reader in readers[1::2]:
        reader.break_off()
        room.speak(300)
    room.until_heard(*readers[0::2])


def test_what_is_sealed_goes_by_its_server(room):
    plain, sealed = room.enter(), room.enter(sealed=True)
    room.speak(300, 70_000, 300)
    assert room.look()[sealed.seat] is None
    assert room.look()[plain.seat]["socket"] > 0
    room.until_heard(plain, sealed)
