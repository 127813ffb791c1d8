"""irv/1: instant-runoff voting, by majority of the votes for remaining options.

Tied ranks and overvotes do not occur: a ballot is a strict ranking.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate

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
    "parameter first_out lists options, exactly these go out together after the first round, "
    "unless that round has a winner. If no remaining option has a vote, the count ends without a "
    f"winner. {TIE_ORDER}"
)


def run_off(setting: Setting, groups: Groups, counted: int) -> tuple[list[str], dict[str, object]]:
    """The winner, if any, and the rounds: totals of remaining options, exhausted, who is out.

    In every round ``exhausted`` and the totals add up to ``counted``; the last round's ``out`` is
    empty. Options that go out together are listed lowest first.
    """
    piles = Piles(setting.options, groups, weight=1)
    earlier: list[Mapping[str, int]] = []
    rounds: list[dict[str, object]] = []
    while True:
        totals = piles.totals()
        votes = sum(totals.values())
        order = standing(totals, earlier, setting.tie_rank)
        decided = votes == 0 or 2 * totals[order[0]] > votes
        out = [] if decided else _leaving(order, totals, setting, first=not earlier)
        rounds.append({"exhausted": counted - votes, "out": out, "totals": totals})
        if decided:
            return order[:1] if votes else [], {"rounds": rounds}
        piles.remove(out)
        earlier.append(totals)


def _leaving(
    order: Sequence[str], totals: Mapping[str, int], setting: Setting, *, first: bool
) -> list[str]:
    lowest_first = list(reversed(order))
    named = setting.params.get("first_out")
    if first and isinstance(named, (list, tuple)) and named:
        return [option for option in lowest_first if option in named]
    if setting.params.get("batch") is True:
        return lowest_first[: _batch([totals[option] for option in lowest_first])]
    return lowest_first[:1]


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


RULE = Rule("irv/1", ("ranked",), TEXT, run_off)
