"""News leave a process without readers, and nobody in it waits for Redis, not even its end."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from channels.layers import channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer

from engage.journal.listeners import Gauge
from realtime import hub
from realtime.delivery import PATIENCE_S, deliver
from realtime.messenger import MOST_WAITING, Messenger
from tests.paths import ROOT
from tests.realtime.test_redis import layer_at
from tests.services import valkey

MANY = 20

COMMAND = """
from engage.journal.listeners import Gauge
from realtime.delivery import deliver
for number in range({count}):
    deliver(Gauge("meeting.7", "tally", number, {{}}))
{more}
print("told", flush=True)
"""
FORK = """
import os, threading
child = os.fork()
if not child and threading.active_count() > 1:
    raise SystemExit("a thread came along")
deliver(Gauge("meeting.7", "tally", 100 + bool(child), {}))
if child:
    assert os.waitpid(child, 0)[1] == 0
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a Redis that lets everybody in and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """One that is reached by a name."""
    with valkey() as names:
        yield names["REDIS_URL"].replace("127.0.0.1", "localhost")


@pytest.fixture
async def layer(silent) -> RedisPubSubChannelLayer:
    return layer_at(silent)


def test_whoever_tells_does_not_wait_for_a_redis_that_is_silent(silent):
    before = channel_layers.set("default", layer_at(silent))
    try:
        assert hub.running() is None
        started = time.monotonic()
        for number in range(MANY):
            deliver(Gauge("meeting.7", "tally", number, {}))
        assert time.monotonic() - started < PATIENCE_S / 4
    finally:
        channel_layers.set("default", before)


async def test_pages_are_told_by_the_database_then(connect, tell):
    for number in range(MANY):
        await tell("meeting.7", step=number)
    socket = await connect("meeting.7:0")
    told = [await socket.receive_json_from() for _ in range(MANY + 1)]
    assert [message.get("n") for message in told] == [*range(1, MANY + 1), None]
    await tell("meeting.7", step=MANY)
    while (await socket.receive_json_from()).get("n") != MANY + 1:
        pass


def test_of_more_than_may_wait_the_oldest_are_dropped_and_the_others_stay_in_order():
    messenger, seen, goes_on = Messenger(), [], threading.Event()

    async def held():
        goes_on.wait(30)

    async def see(number):
        seen.append((number, threading.current_thread().name, asyncio.get_running_loop()))

    messenger.take(held)
    while not messenger._waiting.empty():
        time.sleep(0.001)
    for number in range(2 * MOST_WAITING):
        messenger.take(lambda number=number: see(number))
    goes_on.set()
    while len(seen) < MOST_WAITING:
        time.sleep(0.001)
    messenger.end()
    assert not messenger._thread.is_alive()
    assert [number for number, *_ in seen] == list(range(MOST_WAITING, 2 * MOST_WAITING))
    assert {name for _, name, _ in seen} == {"messenger"}
    (loop,) = {loop for *_, loop in seen}
    assert loop.is_closed()


def run(url: str, folder, count: int, more: str = "") -> float:
    """A short command that tells so many news; how long it went on after its last line."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", COMMAND.format(count=count, more=more)],
        cwd=ROOT, env={**os.environ, "REDIS_URL": url, "DATA_DIR": str(folder)},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "told\n"
    told = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return time.monotonic() - told


def test_a_short_command_ends_soon_though_redis_is_silent(silent, tmp_path):
    assert run(silent, tmp_path, MANY) < 2 * PATIENCE_S


@pytest.mark.parametrize(
    ("more", "wanted"), [("", [*range(MANY)]), (FORK, [*range(MANY), 100, 101])]
)
async def test_the_last_news_of_a_short_command_still_go_out(redis, tmp_path, more, wanted):
    """Those of a process that was forked meanwhile, too."""
    layer = layer_at(redis)
    channel = await layer.new_channel()
    await layer.group_add("meeting.7", channel)
    await asyncio.to_thread(run, redis, tmp_path, MANY, more)
    async with asyncio.timeout(30):
        got = [(await layer.receive(channel))["version"] for _ in wanted]
    assert sorted(got) == wanted
    assert [number for number in got if number < MANY] == wanted[:MANY]
    await layer.flush()
