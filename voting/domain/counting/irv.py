"""irv/1: instant-runoff voting, by majority of the votes for remaining options.

Tied ranks and overvotes do not occur: a ballot is a strict ranking.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypedDict

from voting.domain.counting.outcome import EARLIER_ROUNDS, TIE_ORDER, Groups, Rule, Setting
from voting.domain.counting.rankings import Piles, standing

TEXT = (
    "Every ballot ranks options, best first. In each round a ballot is a vote for the highest "
    "option on it that remains; a ballot without such an option is exhausted, and so is a blank "
    "one. If an option has more than half of the votes for remaining options, it wins and the "
    "count ends. Otherwise the option with the fewest votes is out and the next round begins. "
    f"{EARLIER_ROUNDS} "
    "Where the parameter batch is true, several go out together: of all groups made of the k "
    "lowest options (k at least 1) whose votes together are fewer than those of the next option "
    "above them, the largest group; if there is no such group, the lowest option alone. Where the "
    "parameter first_out lists options, they cannot win the first round, and unless another option "
    "wins it, exactly they go out together after it. If no remaining option has a vote, the count "
    f"ends without a winner. {TIE_ORDER}"
)


class Round(TypedDict):
    """``exhausted`` and the ``totals`` of remaining options add up to all counted ballots.

    Options that go ``out`` together are listed lowest first.
    """

    exhausted: int
    out: list[str]
    totals: dict[str, int]


def decide(setting: Setting, groups: Groups, counted: int) -> tuple[list[str], dict[str, object]]:
    """The winner, if any, and the rounds."""
    winners, rounds = run_off(setting, groups, counted)
    return winners, {"rounds": rounds}


def run_off(setting: Setting, groups: Groups, counted: int) -> tuple[list[str], list[Round]]:
    """The winner, if any, and at least one round; the last round's ``out`` is empty."""
    piles = Piles(setting.options, groups, weight=1)
    earlier: list[Mapping[str, int]] = []
    rounds: list[Round] = []
    while True:
        totals = piles.totals()
        votes = sum(totals.values())
        order = standing(totals, earlier, setting.tie_rank)
        barred = [] if earlier else _first_out(order, setting)
        decided = not votes or (2 * totals[order[0]] > votes and order[0] not in barred)
        out = [] if decided else barred or _lowest(order, totals, setting)
        rounds.append({"exhausted": counted - votes, "out": out, "totals": totals})
        if decided:
            return order[:1] if votes else [], rounds
        piles.remove(out)
        earlier.append(totals)


def _first_out(order: Sequence[str], setting: Setting) -> list[str]:
    named = setting.params.get("first_out")
    return [o for o in reversed(order) if o in named] if isinstance(named, (list, tuple)) else []


def _lowest(order: Sequence[str], totals: Mapping[str, int], setting: Setting) -> list[str]:
    lowest_first = list(reversed(order))
    together = setting.params.get("batch") is True
    return lowest_first[: _batch([totals[o] for o in lowest_first]) if together else 1]


def _batch(ascending: Sequence[int]) -> int:
    """How many of the lowest go out together.

    >>> _batch([35, 36, 1306, 2063, 2585, 2951])
    3
    >>> _batch([5, 5, 20])
    2
    >>> _batch([5, 5, 7])
    1
    """
    sums = accumulate(ascending)
    sizes = [k for k, total in enumerate(sums, 1) if ascending[k:] and total < ascending[k]]
    return max(sizes, default=1)


RULE = Rule("irv/1", ("ranked",), TEXT, decide)
