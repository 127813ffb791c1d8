"""stv-wig/1: several seats by single transferable vote, weighted inclusive Gregory.

All numbers are integers in ten-thousandths of a vote; there is no rounding but truncation.
"""

from collections.abc import Mapping, Sequence

from voting.domain.counting.outcome import EARLIER_ROUNDS, TIE_ORDER, Groups, Rule, Setting
from voting.domain.counting.rankings import Piles, standing

VOTE = 10_000
TEXT = (
    "Every ballot ranks options, best first, and has a weight, at first 1. The parameter seats "
    "says how many options are to be elected. The quota is the number of ballots that are not "
    "blank, divided by seats plus 1, rounded down, plus 1. In each round an option's total is the "
    "weight of all ballots on which it is the highest option that remains; options that are "
    "elected or out do not remain. Then exactly one of these happens, the first that applies. "
    "If no remaining option has a vote, the count ends. "
    "If no more options remain than seats are unfilled, all of them that have a vote are elected, "
    "highest first, and the count ends. "
    "If the highest total is at least the quota, that one option is elected; if seats are left, "
    "each of its ballots goes on to its next remaining option with a new weight: its weight, times "
    "the surplus (the total less the quota), divided by the total, cut off (not rounded) after "
    "four decimals. Another option that also has the quota is elected in a later round. "
    "Otherwise the option with the lowest total is out and its ballots go on with the weight they "
    f"have. {EARLIER_ROUNDS} "
    "The count ends when all seats are filled. In the detail all numbers are ten-thousandths of a "
    "vote, and exhausted is what is not with a remaining option: blank and used-up ballots, what "
    f"was cut off, and the quotas that elected options keep. {TIE_ORDER}"
)


def transfer(setting: Setting, groups: Groups, counted: int) -> tuple[list[str], dict[str, object]]:
    """The elected in the order of their election, and the rounds.

    ``exhausted`` and the totals add up to ``counted`` votes in every round; ``totals`` never
    grow in sum; the last round's ``out`` is empty.
    """
    seats = setting.number("seats", 1)
    quota = (sum(many for _, many in groups) // (seats + 1) + 1) * VOTE
    piles = Piles(setting.options, groups, VOTE)
    winners: list[str] = []
    earlier: list[Mapping[str, int]] = []
    rounds: list[dict[str, object]] = []
    while True:
        totals = piles.totals()
        order = standing(totals, earlier, setting.tie_rank)
        unfilled = seats - len(winners)
        elected, out = _step(order, totals, quota, unfilled)
        winners += elected
        rounds.append(_round(elected, out, totals, counted))
        if not (elected or out) or len(elected) == unfilled or len(order) <= unfilled:
            return winners, {"rounds": rounds}
        piles.remove(out)
        for option in elected:
            piles.remove([option], share=(totals[option] - quota, totals[option]))
        earlier.append(totals)


def _step(
    order: Sequence[str], totals: Mapping[str, int], quota: int, unfilled: int
) -> tuple[list[str], list[str]]:
    """Who is elected and who is out after a round; nobody at all if no vote is left."""
    if not any(totals.values()):
        return [], []
    if len(order) <= unfilled:
        return [option for option in order if totals[option] > 0], []
    if totals[order[0]] >= quota:
        return [order[0]], []
    return [], [order[-1]]


def _round(
    elected: list[str], out: list[str], totals: dict[str, int], counted: int
) -> dict[str, object]:
    exhausted = counted * VOTE - sum(totals.values())
    return {"elected": elected, "exhausted": exhausted, "out": out, "totals": totals}


RULE = Rule("stv-wig/1", ("ranked",), TEXT, transfer)
