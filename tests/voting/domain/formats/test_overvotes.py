"""Shared ranks made strict: every round stays what a direct count of the shared ranks gives."""

from hypothesis import given
from hypothesis import strategies as st

from voting.domain.counting import count
from voting.domain.formats.overvotes import strict_rankings

OPTIONS = list("abcdef")


@st.composite
def shared_ranks(draw):
    order = draw(st.permutations(OPTIONS))[: draw(st.integers(0, 6))]
    cuts = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    ranks = []
    for option, joined in zip(order, cuts, strict=True):
        if ranks and joined:
            ranks[-1].append(option)
        else:
            ranks.append([option])
    return ranks


def direct_rounds(ballots, *, batch):
    """The rule as its sentence says it, ballot by ballot; an overvoted ballot is out for good."""
    rounds, remaining, over = [], list(OPTIONS), set()
    while True:
        totals = dict.fromkeys(remaining, 0)
        for number, (ranks, many) in enumerate(ballots):
            reached = next((r for r in ranks if set(r) & set(remaining)), [])
            left = [option for option in reached if option in remaining]
            if len(left) > 1:
                over.add(number)
            elif left and number not in over:
                totals[left[0]] += many
        past = [before for before, _ in reversed(rounds)]
        upward = sorted(
            remaining, key=lambda o: (totals[o], [p[o] for p in past], -OPTIONS.index(o))
        )
        votes = sum(totals.values())
        if votes == 0 or 2 * totals[upward[-1]] > votes:
            return [*rounds, (totals, [])]
        size = 1
        for k in range(1, len(upward)) if batch else ():
            if sum(totals[option] for option in upward[:k]) < totals[upward[k]]:
                size = k
        rounds.append((totals, upward[:size]))
        remaining = [option for option in remaining if option not in upward[:size]]


@given(
    st.lists(st.tuples(shared_ranks(), st.integers(1, 5)), max_size=12),
    st.booleans(),
)
def test_the_rounds_are_those_of_a_direct_count(ballots, batch):
    strict = strict_rankings(ballots, OPTIONS, {"batch": batch})
    outcome = count(
        "irv/1",
        options=OPTIONS,
        ballots=strict,
        params={"batch": batch},
        costs={},
        method="ranked",
        tie_order=OPTIONS,
    )
    rounds = [(one["totals"], one["out"]) for one in outcome.detail["rounds"]]
    assert rounds == direct_rounds(ballots, batch=batch)
    assert [many for _, many in strict] == [many for _, many in ballots]


@given(st.lists(st.tuples(shared_ranks(), st.integers(1, 5)), max_size=8))
def test_strict_rankings_name_no_option_twice_and_keep_their_order(ballots):
    for (ranks, _), (ranking, _) in zip(
        ballots, strict_rankings(ballots, OPTIONS, {}), strict=True
    ):
        places = [next(p for p, rank in enumerate(ranks) if o in rank) for o in ranking]
        assert places == sorted(set(places))


def settled(*ballots):
    return [ranking for ranking, _ in strict_rankings(ballots, ["a", "b", "c", "d"], {})]


def test_an_overvote_reached_with_both_remaining_ends_the_ballot():
    assert settled(([["a", "b"], ["c"]], 1), ([["c"]], 3))[0] == []


def test_an_overvote_reached_with_one_remaining_counts_for_that_one():
    ballots = [([["d"], ["a", "b"], ["c"]], 2), ([["a"]], 1), ([["b"]], 4), ([["c"]], 4)]
    assert settled(*ballots)[0] == ["d", "b", "c"]


def test_a_ballot_goes_on_past_an_overvote_whose_options_are_all_out():
    options = ["a", "b", "c", "d", "e"]
    ballots = [
        ([["a"], ["b", "c"], ["d"]], 4),
        ([["b"], ["a"]], 1),
        ([["c"], ["a"]], 2),
        ([["d"]], 9),
        ([["e"]], 10),
    ]
    strict = strict_rankings(ballots, options, {})
    assert strict[0] == (["a", "d"], 4)
