"""How often a reader's objections were right, and when objections bring a text to the desk.

Deliberately absent: a weight that nobody sees; the numbers are shown to moderators as they are.
"""

from collections.abc import Iterable

OBJECTIONS = 3
ACCURATE_READERS = 2
ACCURATE_FROM = 0.5


def accuracy(upheld: int, decided: int) -> float:
    """The share of objections that were upheld, between 0 and 1, smoothed by one of each outcome.

    Who never objected counts as right in half of all cases (Laplace's rule of succession).

    >>> accuracy(0, 0), accuracy(4, 4)
    (0.5, 0.8333333333333334)
    """
    return (upheld + 1) / (decided + 2)


def bring_to_the_desk(accuracies: Iterable[float]) -> bool:
    """Whether open objections of readers with these accuracies are enough to look at a text.

    >>> bring_to_the_desk([0.5, 0.5, 0.1]), bring_to_the_desk([0.9, 0.1, 0.1, 0.1])
    (True, False)
    """
    found = list(accuracies)
    accurate = sum(each >= ACCURATE_FROM for each in found)
    return len(found) >= OBJECTIONS and accurate >= ACCURATE_READERS
