"""Rules that add up once: plurality, approval, score, cumulative, threshold and greedy budgets.

Rules with rounds are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .election import Election, Outcome


def most_votes(election: Election) -> Outcome:
    """The options with the highest totals, as many as there are seats; none without a vote.

    >>> most_votes(Election(("a", "b"), [("b", 2)], 3, {}, {}, {"a": 0, "b": 1}))
    Outcome(winners=['b'], detail={'totals': {'a': 0, 'b': 2}})
    """
    totals = add_votes(election)
    ranking = [option for option in by_total(election, totals) if totals[option] > 0]
    return Outcome(ranking[: election.seats], {"totals": totals})


def threshold(election: Election) -> Outcome:
    """Passed if enough ballots were counted and yes is strictly more than its share."""
    totals = add_votes(election)
    part, whole = election.params.get("share", [1, 2])
    enough = election.counted >= election.params.get("quorum", 0)
    passed = enough and totals["yes"] * whole > part * (totals["yes"] + totals["no"])
    return Outcome(["yes" if passed else "no"], {"passed": passed, "totals": totals})


def greedy_budget(election: Election) -> Outcome:
    """Projects by falling total, each taken if it still fits; none without a vote."""
    return _spend(election, stop=False)


def greedy_budget_without_skipping(election: Election) -> Outcome:
    """Projects by falling total, up to the first that does not fit; none without a vote."""
    return _spend(election, stop=True)


def add_votes(election: Election) -> dict[str, int]:
    """What each option got: one for every ballot that names it, or the points given."""
    totals = dict.fromkeys(election.options, 0)
    for choice, many in election.votes:
        for option, points in _named(choice):
            totals[option] += points * many
    return totals


def by_total(election: Election, totals: dict[str, int]) -> list[str]:
    """All options, the highest total first; equal ones in the order of the lots."""
    return sorted(election.options, key=lambda option: (-totals[option], election.ties[option]))


def _named(choice: Any) -> Iterable[tuple[str, int]]:
    if isinstance(choice, dict):
        return choice.items()
    return ((option, 1) for option in ([choice] if isinstance(choice, str) else choice))


def _spend(election: Election, stop: bool) -> Outcome:
    totals = add_votes(election)
    rest, selected = election.params["budget"], []
    for option in by_total(election, totals):
        if totals[option] <= 0:
            break
        if election.costs[option] <= rest:
            rest -= election.costs[option]
            selected.append(option)
        elif stop:
            break
    spent = election.params["budget"] - rest
    return Outcome(selected, {"selected": selected, "spent": spent})
