"""How often: gauges to pages at most four times a second, messages from pages a few.

No clock here: every method is told the time, in seconds of any one clock.
"""

from typing import Generic, TypeVar

GAUGE_INTERVAL_S = 0.25
MESSAGES_PER_S = 5.0
MESSAGES_AT_ONCE = 10.0

T = TypeVar("T")


def spread_s(readers: int) -> int:
    """Seconds for so many to come back in: a hundred a second, from five seconds to a minute.

    >>> spread_s(3), spread_s(2_000), spread_s(100_000)
    (5, 20, 60)
    """
    return min(60, max(5, readers // 100))


class Newest(Generic[T]):
    """The newest value of a gauge and when it may be sent.

    ``offer`` answers when ``take`` is due, or None if nothing new has to be arranged. Two takes
    lie at least ``interval`` apart; what the last take gives is the newest version offered.
    """

    __slots__ = ("due", "interval", "value", "version", "waiting")

    def __init__(self, interval: float = GAUGE_INTERVAL_S) -> None:
        self.interval = interval
        self.version = -1
        self.value: T | None = None
        self.due = float("-inf")
        self.waiting = False

    def offer(self, version: int, value: T, now: float) -> float | None:
        """Hold ``value`` unless an older ``version`` comes late or nothing has changed."""
        if version < self.version or (version == self.version and value == self.value):
            return None
        self.version, self.value = version, value
        if self.waiting:
            return None
        self.waiting = True
        self.due = max(self.due, now)
        return self.due

    def take(self, now: float) -> T | None:
        """The value to send; the next one may be sent ``interval`` later."""
        if not self.waiting:
            return None
        self.waiting = False
        self.due = max(self.due, now) + self.interval
        return self.value

    def rest(self, until: float) -> None:
        """Send nothing before ``until``: sending itself took long, and others want the loop too."""
        self.due = max(self.due, until)


class Allowance:
    """A token bucket: ``rate`` a second on average, ``burst`` at once."""

    __slots__ = ("at", "burst", "left", "rate")

    def __init__(self, rate: float = MESSAGES_PER_S, burst: float = MESSAGES_AT_ONCE) -> None:
        self.rate, self.burst = rate, burst
        self.left = burst
        self.at: float | None = None

    def spend(self, now: float) -> bool:
        """Take one; False if none is left."""
        passed = 0.0 if self.at is None else max(0.0, now - self.at)
        self.at = now
        self.left = min(self.burst, self.left + passed * self.rate)
        if self.left < 1:
            return False
        self.left -= 1
        return True
