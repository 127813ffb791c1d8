"""The cache in Redis, and in this process's own memory while Redis is away or refuses.

What is kept here are counts of tries and readings of a second: losing them harms nobody, while an
error page for everybody would. Deliberately absent: moving anything back when Redis returns.
"""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE_S = 0.5
PAUSE_S = 1.0  # how long Redis is left alone after it failed
OPTIONS = {
    "socket_connect_timeout": PATIENCE_S,
    "socket_timeout": PATIENCE_S,
    "retry": Retry(NoBackoff(), 1),  # a connection that ended with the last Redis, once
}


class SteadyCache(RedisCache):
    """A cache that never raises because of Redis."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": dict(OPTIONS)})
        self._own = LocMemCache("while Redis is away", params)
        self._away_until = 0.0

    def _steadily(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError):
                self._away_until = time.monotonic() + PAUSE_S
        return getattr(self._own, name)(*args, **kwargs)


def _steady(name: str) -> Callable[..., Any]:
    def method(self: SteadyCache, *args: Any, **kwargs: Any) -> Any:
        return self._steadily(name, *args, **kwargs)

    method.__name__ = name
    return method


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many",
              "delete_many", "clear"):  # fmt: skip
    setattr(SteadyCache, _name, _steady(_name))
