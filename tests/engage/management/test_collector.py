"""The collector is slow to look, yet a crowd that left is gone before the next one comes."""

import asyncio
import gc
import subprocess
import sys
import time
import weakref

import pytest

from engage.management import collector
from engage.management.collector import CROWD, collect_after_crowds


class Socket:
    """A cycle, as the web server's are."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def no_other_looks(monkeypatch):
    monkeypatch.setattr(collector, "LOOK_S", 0.001)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def gone(dead, seconds):
    end = time.monotonic() + seconds
    while dead() is not None and time.monotonic() < end:
        await asyncio.sleep(0.005)
    return dead() is None


@pytest.mark.parametrize(
    "before, after, seen",
    [
        (CROWD + 1, 0, True),
        (10 * CROWD, 7 * CROWD, True),
        (10 * CROWD, 9 * CROWD, False),  # not a quarter
        (CROWD, 0, False),  # not a crowd
    ],
)
async def test_a_full_look_follows_a_crowd_that_leaves(no_other_looks, before, after, seen):
    open_sockets, asked = before, 0

    def sockets():
        nonlocal asked
        asked += 1
        return open_sockets

    looking = asyncio.create_task(collect_after_crowds(sockets))
    while not asked:
        await asyncio.sleep(0.001)
    dead = weakref.ref(Socket())
    open_sockets = after
    assert await gone(dead, 20 if seen else 0.2) is seen
    looking.cancel()


def test_the_oldest_generation_has_its_turn_after_a_few_crowds():
    """In a process of its own: thresholds and frozen objects are the whole process's."""
    program = """
import gc
from engage.management.collector import collect_seldom
collect_seldom()
looks = gc.get_stats()[2]["collections"]
kept = []
for _ in range(400_000):
    kept.append([])
assert gc.get_stats()[2]["collections"] > looks
"""
    subprocess.run([sys.executable, "-c", program], check=True)
