"""The ring alone, on real sockets: exact bytes, in as many rounds as it takes, and no leak."""

import errno
import os
import socket
import threading
from array import array
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from realtime.sending import direct
from realtime.sending.ring import NOTHING_TAKEN, UNKNOWN, Ring
from tests.realtime.sending.served import needs_ring

pytestmark = needs_ring


@pytest.fixture
def ring():
    made = Ring(8)
    yield made
    made.close()


def pairs(stack: ExitStack, count: int):
    found = [socket.socketpair() for _ in range(count)]
    for ours, theirs in found:
        stack.enter_context(ours).setblocking(False)
        stack.enter_context(theirs).setblocking(False)
    return found


def numbers(found) -> array:
    return array("i", [ours.fileno() for ours, _ in found])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 30), st.lists(st.binary(min_size=1, max_size=400), max_size=8))
def test_everybody_gets_every_frame(ring, count, frames):
    with ExitStack() as stack:
        found = pairs(stack, count)
        for frame in frames:
            assert ring.write(numbers(found), frame) == [len(frame)] * count
        for _, theirs in found:
            assert not frames or theirs.recv(1 << 16) == b"".join(frames)
    assert not ring.broken


@pytest.mark.parametrize("way", ["direct", "ring"])
def test_what_each_socket_took_is_said_of_that_socket(ring, way):
    write = ring.write if way == "ring" else direct.write
    with ExitStack() as stack:
        found = pairs(stack, 20)
        with pytest.raises(BlockingIOError):
            while True:
                found[3][0].send(bytes(1 << 16))
        found[7][1].close()
        taken = write(numbers(found), b"frame")
        assert {place for place, count in enumerate(taken) if count != 5} == {3, 7}
        assert max(taken[3], taken[7]) < 0
    assert not ring.broken


def test_a_ring_serves_the_thread_that_made_it_and_no_other(ring):
    with ExitStack() as stack:
        found, answers = pairs(stack, 20), []
        other = threading.Thread(target=lambda: answers.append(ring.write(numbers(found), b"x")))
        other.start()
        other.join()
        assert answers == [[NOTHING_TAKEN] * 20]
        assert os.strerror(errno.EEXIST) in ring.broken


def test_a_ring_that_broke_says_so_and_has_sent_nothing(ring):
    other = os.open(os.devnull, os.O_RDONLY)
    os.dup2(other, ring.descriptor)
    os.close(other)
    with ExitStack() as stack:
        found = pairs(stack, 20)
        assert ring.write(numbers(found), b"frame") == [NOTHING_TAKEN] * 20
        assert ring.broken
        for _, theirs in found:
            with pytest.raises(BlockingIOError):
                theirs.recv(10)


# What a kernel might answer for three writes of five bytes: places and counts; then, what is
# believed of each, and whether the ring is used again.
ANSWERS = {
    "in order": ([0, 1, 2], [5, 5, 5], [5, 5, 5], True),
    "in another order": ([2, 0, 1], [5, 5, -32], [5, -32, 5], True),
    "one lacks": ([0, 2], [5, 5], [5, UNKNOWN, 5], False),
    "one twice": ([0, 1, 1], [5, 5, 3], [5, 5, UNKNOWN], False),
    "a stranger": ([0, 1, 7], [5, 5, 5], [5, 5, UNKNOWN], False),
    "no such call": ([0, 1, 2], [-errno.EINVAL] * 3, [-errno.EINVAL] * 3, False),
    "more than there was": ([0, 1, 2], [5, 6, 5], [5, 6, 5], False),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_odd_answer_ends_the_use_of_the_ring(ring, monkeypatch, case):
    which, counts, believed, goes_on = ANSWERS[case]
    monkeypatch.setattr(ring, "_answer", lambda: (which, counts))
    with ExitStack() as stack:
        assert ring.write(numbers(pairs(stack, 3)), b"frame") == believed
    assert (not ring.broken) is goes_on


def test_a_ring_leaves_nothing_behind():
    def held() -> tuple[int, int]:
        with open("/proc/self/maps") as maps:
            return len(os.listdir("/proc/self/fd")), maps.read().count("io_uring")

    before = held()
    for n in range(20):
        made = Ring(64)
        if n % 2:
            made.close()
        del made
    assert held() == before
