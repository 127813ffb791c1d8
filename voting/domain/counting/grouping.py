"""Equal choices put together, so that a hundred thousand ballots count as fast as their variety.

Choices are not checked here; ``choices.check_choice`` has done that.
"""

from collections import Counter
from collections.abc import Iterable

from voting.domain.counting.outcome import Grouped, Groups


def group(ballots: Iterable[tuple[object, int]]) -> Groups:
    """Each different choice once, with the number of ballots that made it.

    >>> group([(["a", "b"], 2), ({"p": 3}, 1), (["a", "b"], 1)])
    [(('a', 'b'), 3), ((('p', 3),), 1)]
    """
    found: Counter[Grouped] = Counter()
    for choice, many in ballots:
        found[freeze(choice)] += many
    return [(choice, many) for choice, many in found.items() if many]


def freeze(choice: object) -> Grouped:
    """The hashable form of a choice.

    >>> freeze({"q": 1, "p": 3})
    (('p', 3), ('q', 1))
    """
    if isinstance(choice, dict):
        return tuple(sorted(choice.items()))
    if isinstance(choice, (list, tuple)):
        return tuple(choice)
    return choice if isinstance(choice, str) else None
