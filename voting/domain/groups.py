"""Counts of people by group, such that no group under five can be read or subtracted.

What was shown stays shown: a later table only differs where five more came, or nobody. No words
and no storage here, and nothing about choices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
"""Below so many, people are not shown as a group of their own."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of one or several neighbouring cells, counted together."""

    cells: tuple[str, ...]
    count: int


def shown(
    before: Sequence[Group], cells: Mapping[str, int], *, nested: bool = False
) -> tuple[Group, ...]:
    """The table to show now that ``cells`` are counted, where ``before`` was shown last.

    Every group holds at least ``LEAST`` people, all groups together hold all of them, and the new
    table only splits groups of the old one, each of which gained nobody or at least ``LEAST``.
    Otherwise, and when anything shrank, it is ``before`` unchanged. ``nested``: the first cell
    against all others, and only then these; for when the sum of the others is known anyway.

    >>> shown((), {"letter": 412, "office": 38, "national": 2})
    (Group(cells=('letter',), count=412), Group(cells=('office', 'national'), count=40))
    """
    if not before:
        return _split(tuple(cells), cells, nested) if sum(cells.values()) >= LEAST else ()
    gained = [_sum(group.cells, cells) - group.count for group in before]
    if any(gain != 0 and gain < LEAST for gain in gained):
        return tuple(before)
    return tuple(part for group in before for part in _split(group.cells, cells, nested))


def _split(names: tuple[str, ...], cells: Mapping[str, int], nested: bool) -> tuple[Group, ...]:
    cuts = range(1, min(len(names), 2) if nested else len(names))
    for cut in cuts:
        left, right = names[:cut], names[cut:]
        if _sum(left, cells) >= LEAST and _sum(right, cells) >= LEAST:
            return (*_split(left, cells, nested), *_split(right, cells, nested))
    return (Group(names, _sum(names, cells)),)


def _sum(names: tuple[str, ...], cells: Mapping[str, int]) -> int:
    return sum(cells[name] for name in names)
