"""The generator counts right: against the smallest server, and what it counts adds up."""

import shutil
import sys
from contextlib import ExitStack

import pytest

from tests.bench.live import servers
from tests.bench.live.lab import Lab
from tests.bench.live.machine import processor_seconds
from tests.bench.live.rounds import both

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif(sys.platform != "linux", reason="epoll and /proc are Linux's"),
]


@pytest.fixture
def lab(tmp_path):
    (tmp_path / "data").mkdir()
    with ExitStack() as stack:
        yield Lab(tmp_path, tmp_path / "data", stack)


@pytest.mark.parametrize("kind", [servers.LIMIT, servers.ASYNCIO], ids=lambda kind: kind.name)
def test_every_reader_has_every_message(lab, kind):
    with both(lab, kind) as (server, load):
        assert load.open(30) == pytest.approx(
            {"seconds": 10, "open": 30, "complete": 30, "gone": 0}, abs=10
        )
        told = load.publish(0.2, kind.facts)
        assert told["published"] == told["reached_all"] > 0
        assert told["delivered"] == 30 * told["published"]
        assert 0 < told["last_p50"] <= told["last_p99"]
        assert processor_seconds(server.pids) > 0


def test_messages_longer_than_one_read_arrive_whole(lab):
    with both(lab, servers.ASYNCIO) as (_server, load):
        load.open(3)
        told = load.publish(0.1, "/publish", size=60_000)
        assert told["delivered"] == 3 * told["published"] > 0


def test_who_stalls_holds_nobody_up(lab):
    with both(lab, servers.ASYNCIO) as (_server, load):
        load.open(8, stalled=4)
        told = load.publish(0.2, "/publish")
        assert told["published"] == told["reached_all"] > 0
        assert told["delivered"] == 6 * told["published"]


def test_everybody_can_come_again(lab):
    with both(lab, servers.ASYNCIO) as (_server, load):
        for _time in range(3):
            load.open(50, at_once=50)
            load.close()
        load.open(5)
        told = load.publish(0.1, "/publish")
        assert told["delivered"] == 5 * told["published"] > 0
