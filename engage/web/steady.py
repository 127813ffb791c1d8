"""The cache in Redis, and in this process's own memory while Redis is away or refuses.

What is kept here are counts of tries and readings of a second: losing them harms nobody, while an
error page for everybody would. Deliberately absent: moving anything back when Redis returns.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Ended
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE_S = 0.5
PAUSE_S = 1.0  # how long Redis is left alone after it failed; then one thread tries, not all
MOST_KEPT = 100_000  # nobody's count is pushed out by a few hundred made-up ones
OPTIONS = {
    "socket_connect_timeout": PATIENCE_S,
    "socket_timeout": PATIENCE_S,
    # Once more where a connection ended with the last Redis; never where one only waits.
    "retry": Retry(NoBackoff(), 1, supported_errors=(Ended,)),
}


class SteadyCache(RedisCache):
    """A cache that never raises because of Redis."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": dict(OPTIONS)})
        self._own = LocMemCache("while Redis is away", {**params, "max_entries": MOST_KEPT})
        self._turns = Lock()
        self._away = False
        self._try_at = 0.0

    @property
    def away(self) -> bool:
        """Whether it goes by this process's memory just now."""
        return self._away

    def _steadily(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not self._away or self._is_my_turn():
            try:
                answer = getattr(super(), name)(*args, **kwargs)
                self._away = False
                return answer
            except (RedisError, OSError):
                self._away, self._try_at = True, time.monotonic() + PAUSE_S
        return getattr(self._own, name)(*args, **kwargs)

    def _is_my_turn(self) -> bool:
        """Whether Redis has been left alone long enough; whoever asks first is the one to try."""
        with self._turns:
            now = time.monotonic()
            mine = now >= self._try_at
            if mine:
                self._try_at = now + PAUSE_S
            return mine


def _steady(name: str) -> Callable[..., Any]:
    def method(self: SteadyCache, *args: Any, **kwargs: Any) -> Any:
        return self._steadily(name, *args, **kwargs)

    method.__name__ = name
    return method


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many",
              "delete_many", "clear"):  # fmt: skip
    setattr(SteadyCache, _name, _steady(_name))
