"""Counts for everybody, such that no group of fewer than five stands alone or can be subtracted.

Deliberately absent: words, and how the counts were made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5
"""Below so many, things are not counted as a group of their own."""


@dataclass(frozen=True, slots=True)
class Group:
    """Several names counted together; ``count`` is None where all of them are fewer than five."""

    names: tuple[str, ...]
    count: int | None


def groups(cells: Mapping[str, int]) -> tuple[Group, ...]:
    """The counts to show, the largest first; small ones are joined until they are five together.

    Nothing is lost: the groups hold every name that has a count, and their sum is the whole.

    >>> groups({"hide": 40, "lock": 2, "move": 1, "remove": 9})
    (Group(names=('hide',), count=40), Group(names=('remove', 'lock', 'move'), count=12))
    """
    ordered = sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))
    large = [(name, count) for name, count in ordered if count >= LEAST]
    small = [(name, count) for name, count in ordered if 0 < count < LEAST]
    while small and large and sum(count for _name, count in small) < LEAST:
        small.insert(0, large.pop())
    shown = [Group((name,), count) for name, count in large]
    if small:
        shown.append(Group(tuple(name for name, _count in small), at_least(_sum(small))))
    return tuple(shown)


def at_least(count: int) -> int | None:
    """A count by itself: None for one to four, which is "fewer than five"."""
    return None if 0 < count < LEAST else count


def _sum(cells: list[tuple[str, int]]) -> int:
    return sum(count for _name, count in cells)
