"""Limits hold with Redis, without it, and when it comes back; nobody meets an error page."""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from engage.web import steady
from engage.web.steady import PATIENCE_S, PAUSE_S, SteadyCache
from tests.services import Valkey


@pytest.fixture
def redis(tmp_path):
    with Valkey(tmp_path) as server:
        yield server


@pytest.fixture
def steady_cache():
    """A cache of a process of its own; its connections end with the test."""
    made = []

    def make(url: str) -> SteadyCache:
        made.append(SteadyCache(url, {}))
        return made[-1]

    make("redis://127.0.0.1:1/0")._own.clear()  # what all of them share in this process
    yield make
    for cache in made:
        for pool in cache._cache._pools.values():
            pool.disconnect()


def counted(cache: SteadyCache, times: int) -> list[int]:
    """As django-ratelimit counts: add, else one more."""
    return [1 if cache.add("tries", 1, 60) else cache.incr("tries") for _ in range(times)]


@pytest.mark.adversary("I1")
def test_tries_are_counted_while_redis_is_away_and_after(redis, steady_cache):
    cache = steady_cache(redis.url)
    assert counted(cache, 3) == [1, 2, 3]
    redis.end(signal.SIGKILL)
    assert counted(cache, 3) == [1, 2, 3], "in memory, from the start"
    redis.start()
    time.sleep(PAUSE_S)
    assert counted(cache, 1) == [1], "the new Redis knows nothing"
    assert counted(steady_cache(redis.url), 1) == [2], "and is what counts again"


def test_a_full_redis_is_as_good_as_none(redis, steady_cache):
    cache = steady_cache(redis.url)
    redis.told("CONFIG", "SET", "maxmemory", "1")
    assert counted(cache, 3) == [1, 2, 3]
    assert cache._own.get("tries") == 3


@pytest.mark.adversary("I1")
def test_for_a_redis_that_hangs_one_waits_and_the_others_go_on(monkeypatch, steady_cache):
    """It accepts and says nothing. Whoever tries leaves a trace: a connection each."""
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(8) as threads:
        silent.settimeout(PATIENCE_S)
        cache = steady_cache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert cache.get("tries") is None
        assert knocks(silent) == 1, "a wait is not repeated"
        monkeypatch.setattr(steady, "PAUSE_S", 3_600)
        cache._try_at = 0  # it was left alone for long enough
        assert list(threads.map(cache.get, ["tries"] * 8)) == [None] * 8
        assert knocks(silent) == 1, "one looks whether it is back, the others do not wait for that"
        assert counted(cache, 3) == [1, 2, 3]


def knocks(server: socket.socket) -> int:
    """How many connections are waiting to be accepted."""
    found = 0
    while True:
        try:
            server.accept()[0].close()
        except TimeoutError:
            return found
        found += 1
