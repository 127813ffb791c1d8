"""How many are here, told so that it says little of anybody: rounded, and never fewer than five.

No clock here: every method is told the time, in seconds of any one clock.
"""

from collections.abc import Mapping

FEWEST = 5
STEP = 5
FORGOTTEN_S = 15.0


def told(count: int) -> dict[str, int | bool]:
    """What pages may show: fives up to a hundred, then two digits that count, always rounded down.

    One who comes or goes is mostly not to be seen in it.

    >>> told(3), told(38), told(1_234)
    ({'here': 5, 'fewer': True}, {'here': 35, 'fewer': False}, {'here': 1200, 'fewer': False})
    """
    if count < FEWEST:
        return {"here": FEWEST, "fewer": True}
    step = STEP if count < 100 else 10 ** (len(str(count)) - 2)
    return {"here": count - count % step, "fewer": False}


class Elsewhere:
    """What the other processes said last of their readers; one that falls silent is forgotten."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, Mapping[str, int]]] = {}

    def hear(self, process: str, readers: Mapping[str, int], now: float) -> None:
        """``readers`` by topic is all that ``process`` has; none at all means it has ended."""
        self._said.pop(process, None)
        if readers:
            self._said[process] = now, readers

    def count(self, topic: str, now: float) -> int:
        """Readers of ``topic`` in all processes heard of lately."""
        fresh = (readers for at, readers in self._said.values() if now - at <= FORGOTTEN_S)
        return sum(readers.get(topic, 0) for readers in fresh)

    def forget(self, now: float) -> None:
        """Drop what is too old to count."""
        self._said = {k: v for k, v in self._said.items() if now - v[0] <= FORGOTTEN_S}
