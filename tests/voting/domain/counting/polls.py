"""Small random polls and their counts: what the laws of counting are tried on."""

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from voting.domain.choices import check_choice
from voting.domain.counting import RULES, Outcome, count

OPTIONS = ["a", "b", "c", "d", "e"]
BUDGET, MOST_POINTS, MOST_SCORE = 20, 6, 3


@dataclass(frozen=True)
class Poll:
    rule: str
    method: str
    options: list[str]
    tie_order: list[str]
    ballots: list[tuple[object, int]]
    params: dict[str, object] = field(default_factory=dict)
    costs: dict[str, int] = field(default_factory=dict)

    def count(self) -> Outcome:
        return count(
            self.rule,
            options=self.options,
            ballots=self.ballots,
            params=self.params,
            costs=self.costs,
            method=self.method,
            tie_order=self.tie_order,
        )

    def with_(self, **changes) -> "Poll":
        return replace(self, **changes)

    @property
    def size(self) -> int:
        return sum(many for _, many in self.ballots)


def choices(method: str, options: list[str]):
    some = st.lists(st.sampled_from(options), unique=True)
    if method in ("plurality", "yesno"):
        return st.none() | st.sampled_from(options)
    if method == "ranked":
        return some
    if method == "score":
        return st.dictionaries(st.sampled_from(options), st.integers(-1, MOST_SCORE))
    if method == "cumulative":
        points = st.dictionaries(st.sampled_from(options), st.integers(1, 3))
        return points.filter(lambda choice: sum(choice.values()) <= MOST_POINTS)
    return some.map(lambda chosen: [option for option in options if option in chosen])


@st.composite
def polls(draw, rules=tuple(RULES), most=12, **fixed):
    rule = draw(st.sampled_from(rules))
    method = draw(st.sampled_from(RULES[rule].methods))
    options = OPTIONS[: draw(st.integers(1, len(OPTIONS)))]
    if method == "yesno":
        options = ["yes", "no"]
    costs = draw(st.fixed_dictionaries({option: st.integers(0, 15) for option in options}))
    drawn = {
        "max_ranks": len(OPTIONS),
        "budget": BUDGET,
        "points": MOST_POINTS,
        "min": -1,
        "max": MOST_SCORE,
        "seats": draw(st.integers(1, 3)),
        "batch": draw(st.booleans()),
    } | fixed
    choice = choices(method, options)
    if method == "knapsack":
        choice = choice.filter(lambda chosen: sum(costs[o] for o in chosen) <= BUDGET)
    ballots = draw(st.lists(st.tuples(choice, st.integers(1, 4)), max_size=most))
    for one, _ in ballots:
        check_choice(one, method=method, params=drawn, options=options, costs=costs)
    order = draw(st.permutations(options))
    return Poll(rule, method, options, order, ballots, drawn, costs)


def rounds_of(outcome: Outcome) -> list[dict]:
    return outcome.detail["rounds"]
