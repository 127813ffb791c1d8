"""What the counts of rankings share: who holds which ballots, and who stands above whom.

Which option leaves or wins is each rule's own decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voting.domain.counting.outcome import Groups


@dataclass(slots=True)
class Paper:
    """Equal ballots on their way from option to option; ``weight`` is what each is worth."""

    ranking: Sequence[str]
    many: int
    weight: int
    place: int = 0


class Piles:
    """The ballots that each remaining option holds.

    Invariant: a paper lies with the first option of its ranking that remains, or nowhere.
    """

    def __init__(self, options: Iterable[str], groups: Groups, weight: int) -> None:
        self._piles: dict[str, list[Paper]] = {option: [] for option in options}
        for ranking, many in groups:
            if isinstance(ranking, tuple):
                self._deal(Paper([str(option) for option in ranking], many, weight))

    def _deal(self, paper: Paper) -> None:
        for place in range(paper.place, len(paper.ranking)):
            pile = self._piles.get(paper.ranking[place])
            if pile is not None:
                paper.place = place
                pile.append(paper)
                return

    def totals(self) -> dict[str, int]:
        """What each remaining option's ballots are worth, in the options' order."""
        return {
            option: sum(paper.many * paper.weight for paper in pile)
            for option, pile in self._piles.items()
        }

    def remove(self, options: Iterable[str], share: tuple[int, int] = (1, 1)) -> None:
        """Take options out together and hand their ballots on.

        Each ballot goes on with ``share`` (a fraction) of its weight, truncated.
        """
        papers = [paper for option in options for paper in self._piles.pop(option)]
        for paper in papers:
            paper.weight = paper.weight * share[0] // share[1]
            self._deal(paper)


def standing(
    totals: Mapping[str, int], earlier: Sequence[Mapping[str, int]], tie_rank: Mapping[str, int]
) -> list[str]:
    """The remaining options, highest first.

    Equal totals are compared in the ``earlier`` rounds (oldest first), beginning with the latest;
    if all are equal, the smaller tie rank stands higher (ballots.md, Rules, Ties).

    >>> standing({"a": 2, "b": 2}, [{"a": 1, "b": 2}, {"a": 2, "b": 1}], {"b": 0, "a": 1})
    ['a', 'b']
    """

    def key(option: str) -> tuple[int, ...]:
        past = (-before[option] for before in reversed(earlier))
        return (-totals[option], *past, tie_rank[option])

    return sorted(totals, key=key)
