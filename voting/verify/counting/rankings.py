"""Rules with rounds: irv/1 and stv-wig/1, on one way of moving ballots from option to option.

Numbers are integers throughout: whole votes in irv, ten-thousandths in stv.
"""

from __future__ import annotations

from typing import Any

from .election import Election, Outcome

UNIT = 10_000
Bundle = tuple[list[str], int, int]


class RankedCount:
    """Who still stands and which ballots lie with whom, as (ranking, how many, weight)."""

    def __init__(self, election: Election, weight: int) -> None:
        self._ties = election.ties
        self._piles: dict[str, list[Bundle]] = {option: [] for option in election.options}
        self._past: list[dict[str, int]] = []
        self.whole = election.counted * weight
        self.rounds: list[dict[str, Any]] = []
        for ranking, many in election.votes:
            self._place((ranking, many, weight))

    def totals(self) -> dict[str, int]:
        """What lies with each option that still stands."""
        return {
            option: sum(many * weight for _, many, weight in pile)
            for option, pile in self._piles.items()
        }

    def ranking(self, totals: dict[str, int]) -> list[str]:
        """Who still stands, highest first; equals by the latest round that differs, then by lot."""
        history = [totals, *reversed(self._past)]

        def place(option: str) -> tuple[int, ...]:
            return (*(-past[option] for past in history), self._ties[option])

        return sorted(totals, key=place)

    def note(self, totals: dict[str, int], **leaving: list[str]) -> None:
        """Write down a round; ``exhausted`` is whatever does not lie with an option that stands."""
        exhausted = self.whole - sum(totals.values())
        self.rounds.append({"exhausted": exhausted, **leaving, "totals": totals})
        self._past.append(totals)

    def release(self, options: list[str], part: int = 1, whole: int = 1) -> None:
        """Let options leave together; ballots go on with part/whole of their weight, truncated."""
        freed = [bundle for option in options for bundle in self._piles.pop(option)]
        for ranking, many, weight in freed:
            self._place((ranking, many, weight * part // whole))

    def _place(self, bundle: Bundle) -> None:
        for option in bundle[0]:
            if option in self._piles:
                self._piles[option].append(bundle)
                return


def instant_runoff(election: Election) -> Outcome:
    """Rounds until one option has more than half of what lies with all that stand.

    Options in the parameter ``first_out`` cannot win the first round and leave together after it.
    """
    count = RankedCount(election, 1)
    named = election.params.get("first_out", [])
    while True:
        totals = count.totals()
        ranking, votes = count.ranking(totals), sum(totals.values())
        barred = [] if count.rounds else [option for option in ranking if option in named]
        if not votes or (2 * totals[ranking[0]] > votes and ranking[0] not in barred):
            count.note(totals, out=[])
            return Outcome(ranking[:1] if votes else [], {"rounds": count.rounds})
        out = barred or _losers(ranking[::-1], totals, bool(election.params.get("batch")))
        count.note(totals, out=out)
        count.release(out)


def single_transferable_vote(election: Election) -> Outcome:
    """Weighted inclusive Gregory: one elected, or one out, in each round.

    The quota is the non-blank ballots divided by seats + 1, rounded down, plus 1.
    """
    count = RankedCount(election, UNIT)
    quota = UNIT * (sum(many for _, many in election.votes) // (election.seats + 1) + 1)
    elected: list[str] = []
    while True:
        totals = count.totals()
        ranking = count.ranking(totals)
        voted = [option for option in ranking if totals[option]]
        unfilled = election.seats - len(elected)
        if len(ranking) <= unfilled or not voted:
            count.note(totals, elected=voted, out=[])
            return Outcome(elected + voted, {"rounds": count.rounds})
        first, last = ranking[0], ranking[-1]
        if totals[first] >= quota:
            elected.append(first)
            count.note(totals, elected=[first], out=[])
            if unfilled == 1:
                return Outcome(elected, {"rounds": count.rounds})
            count.release([first], totals[first] - quota, totals[first])
        else:
            count.note(totals, elected=[], out=[last])
            count.release([last])


def _losers(lowest: list[str], totals: dict[str, int], batch: bool) -> list[str]:
    """The lowest; with ``batch`` the largest set whose sum is below the next total.

    >>> _losers(["a", "b", "c"], {"a": 1, "b": 2, "c": 4}, True)
    ['a', 'b']
    """
    size, below = 1, 0
    for place, option in enumerate(lowest[:-1], 1):
        below += totals[option]
        if batch and below < totals[lowest[place]]:
            size = place
    return lowest[:size]
