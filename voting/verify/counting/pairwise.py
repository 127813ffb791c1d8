"""condorcet-schulze/1: the option that no other beats over the strongest paths.

Unranked options stand below all ranked ones; a beat is as strong as the votes on its winning side.
"""

from __future__ import annotations

from itertools import permutations, product

from .election import Election, Outcome

Pairs = dict[str, dict[str, int]]


def schulze(election: Election) -> Outcome:
    """The order repeatedly takes, among those unbeaten by any left, the first by lot."""
    pairs = _preferences(election)
    paths = _strongest_paths(election.options, pairs)
    order: list[str] = []
    left = sorted(election.options, key=election.ties.__getitem__)
    while left:
        first = next(a for a in left if all(paths[a][b] >= paths[b][a] for b in left if b != a))
        left.remove(first)
        order.append(first)
    named = {option for ranking, _ in election.votes for option in ranking}
    winners = [option for option in order if option in named][: election.seats]
    return Outcome(winners, {"order": order, "pairs": pairs})


def _preferences(election: Election) -> Pairs:
    """How many ballots prefer the first option to the second, for every two."""
    pairs: Pairs = {a: {b: 0 for b in election.options if b != a} for a in election.options}
    for ranking, many in election.votes:
        below = list(election.options)
        for option in ranking:
            below.remove(option)
            for other in below:
                pairs[option][other] += many
    return pairs


def _strongest_paths(options: tuple[str, ...], pairs: Pairs) -> Pairs:
    paths: Pairs = {
        a: {b: votes if votes > pairs[b][a] else 0 for b, votes in row.items()}
        for a, row in pairs.items()
    }
    for between, (a, b) in product(options, permutations(options, 2)):
        if between not in (a, b):
            through = min(paths[a][between], paths[between][b])
            paths[a][b] = max(paths[a][b], through)
    return paths
