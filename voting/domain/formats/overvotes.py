"""Rankings with shared ranks made strict, so that every round of a run-off stays as it was.

A rank that names several options is an overvote: reached when two or more of them remain, it ends
the ballot; when one remains, it counts for that one; when none remains, it is passed over.
Ballots of the protocol have no shared ranks, so the rule is applied while reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voting.domain.counting.grouping import group
from voting.domain.counting.irv import run_off
from voting.domain.counting.outcome import Setting

Ranks = Sequence[Sequence[str]]


@dataclass
class _Ballot:
    """``strict`` is settled; ``shared`` begins with the first rank that is not, or is empty."""

    many: int
    strict: list[str]
    shared: list[Sequence[str]]

    def advance(self) -> None:
        while self.shared and len(self.shared[0]) < 2:
            self.strict += self.shared.pop(0)

    def settle(self, remaining: Mapping[str, int]) -> None:
        left = [option for option in self.shared.pop(0) if option in remaining]
        if len(left) > 1:
            self.shared.clear()
        self.strict += left[:1] if len(left) == 1 else []
        self.advance()

    def waits(self, remaining: Mapping[str, int]) -> bool:
        return bool(self.shared) and not any(option in remaining for option in self.strict)


def strict_rankings(
    ballots: Sequence[tuple[Ranks, int]], options: Sequence[str], params: Mapping[str, object]
) -> list[tuple[list[str], int]]:
    """Strict rankings that ``irv/1`` counts, round by round, as the rule above counts the ranks.

    No option may stand twice on a ballot. The earliest round in which a ballot reaches a shared
    rank does not depend on how later ones are settled; so that one is settled by who remains then,
    all is counted again, and so on. Shared ranks that no round reaches are cut off. Ties between
    options are taken in the order of ``options``, as no manifest exists yet.

    >>> strict_rankings([([["a", "b"], ["c"]], 1), ([["c"]], 3)], ["a", "b", "c"], {})
    [([], 1), (['c'], 3)]
    """
    sheets = [_Ballot(many, [], list(ranks)) for ranks, many in ballots]
    for sheet in sheets:
        sheet.advance()
    while any(sheet.shared for sheet in sheets):
        for remaining in _rounds(sheets, options, params):
            waiting = [sheet for sheet in sheets if sheet.waits(remaining)]
            if waiting:
                for sheet in waiting:
                    sheet.settle(remaining)
                break
        else:
            break
    return [(sheet.strict, sheet.many) for sheet in sheets]


def _rounds(
    sheets: Sequence[_Ballot], options: Sequence[str], params: Mapping[str, object]
) -> Iterator[Mapping[str, int]]:
    """The totals of those who remain, round by round."""
    ballots = group((sheet.strict, sheet.many) for sheet in sheets)
    setting = Setting(options, params, {}, "ranked", options)
    _, rounds = run_off(setting, ballots, sum(sheet.many for sheet in sheets))
    return (one["totals"] for one in rounds)
