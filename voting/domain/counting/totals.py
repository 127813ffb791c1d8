"""How much a choice adds to each option's total, for rules that add up and for live tallies.

No winner is decided here.
"""

from collections.abc import Iterable, Iterator, Sequence

from voting.domain.counting.grouping import freeze
from voting.domain.counting.outcome import Grouped, Groups

_WITH_NUMBERS = ("score", "cumulative")


def points(choice: object, method: str) -> Iterator[tuple[str, int]]:
    """The options a valid choice supports, each with its votes or points.

    A ranking supports its first option only: that is its vote in the first round.

    >>> list(points(["a", "c"], "approval")), list(points(["a", "c"], "ranked"))
    ([('a', 1), ('c', 1)], [('a', 1)])
    """
    yield from _points(freeze(choice), method)


def _points(choice: Grouped, method: str) -> Iterator[tuple[str, int]]:
    if choice is None:
        return
    if isinstance(choice, str):
        yield choice, 1
    elif method in _WITH_NUMBERS:
        yield from choice  # type: ignore[misc]
    else:
        for option in choice[:1] if method == "ranked" else choice:
            yield str(option), 1


def add_up(options: Sequence[str], groups: Groups, method: str) -> dict[str, int]:
    """Every option's total, in the order of ``options``; options without support have 0.

    >>> add_up(["a", "b"], [(("b",), 2), ((), 1)], "approval")
    {'a': 0, 'b': 2}
    """
    totals = dict.fromkeys(options, 0)
    for choice, many in groups:
        for option, number in _points(choice, method):
            totals[option] += number * many
    return totals


def tally(
    options: Sequence[str], ballots: Iterable[tuple[object, int]], method: str
) -> dict[str, int]:
    """Like ``add_up``, for (choice, multiplicity) pairs as they come.

    >>> tally(["a", "b"], [("b", 2), (None, 1)], "plurality")
    {'a': 0, 'b': 2}
    """
    return add_up(options, [(freeze(choice), many) for choice, many in ballots], method)
