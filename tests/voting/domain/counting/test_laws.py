"""What holds for every rule, whoever votes how."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.voting.domain.counting.polls import polls, rounds_of
from voting.domain.counting import tally
from voting.domain.counting.stv_wig import VOTE

UNIT = {"irv/1": 1, "stv-wig/1": VOTE}


def renamed(value, names):
    """The same JSON value with every option, also one that is a key, under its new name."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(content, names) for key, content in value.items()}
    if isinstance(value, list):
        return [renamed(content, names) for content in value]
    return names.get(value, value) if isinstance(value, str) else value


@given(polls(), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_grouping_of_ballots_matters(poll, random):
    single = [(choice, 1) for choice, many in poll.ballots for _ in range(many)]
    random.shuffle(single)
    assert poll.with_(ballots=single).count() == poll.count()


@given(polls(), st.permutations(["v", "w", "x", "y", "z"]))
def test_options_are_only_names(poll, letters):
    names = dict(zip(poll.options, letters, strict=False))
    other = poll.with_(
        options=[names[option] for option in reversed(poll.options)],
        tie_order=renamed(poll.tie_order, names),
        ballots=[(renamed(choice, names), many) for choice, many in poll.ballots],
        costs=renamed(poll.costs, names),
    )
    before, after = poll.count(), other.count()
    assert after.winners == renamed(before.winners, names)
    assert after.detail == renamed(before.detail, names)


@given(polls())
def test_every_ballot_is_counted_and_blank_ones_are_counted_as_such(poll):
    outcome = poll.count()
    assert outcome.counted == poll.size
    assert outcome.blank == sum(many for choice, many in poll.ballots if not choice)


@given(polls())
def test_an_option_without_a_vote_never_wins(poll):
    chosen = [[choice] if isinstance(choice, str) else choice or [] for choice, _ in poll.ballots]
    assert set(poll.count().winners) <= {option for choice in chosen for option in choice}


@given(polls())
def test_winners_are_different_options_and_no_more_than_seats(poll):
    winners = poll.count().winners
    assert len(set(winners)) == len(winners)
    if poll.rule in ("plurality/1", "approval/1", "stv-wig/1"):
        assert len(winners) <= poll.params["seats"]
    if poll.rule == "irv/1":
        assert len(winners) <= 1


@given(polls(rules=("plurality/1", "approval/1")))
def test_winners_have_the_highest_totals(poll):
    outcome = poll.count()
    totals = tally(poll.options, poll.ballots, poll.method)
    assert outcome.detail == {"totals": totals}
    won = sorted((totals[option] for option in outcome.winners), reverse=True)
    assert won == [n for n in sorted(totals.values(), reverse=True) if n > 0][: len(won)]
    assert [totals[option] for option in outcome.winners] == won


@given(polls(rules=("irv/1", "stv-wig/1")))
def test_totals_and_exhausted_are_all_ballots_in_every_round(poll):
    outcome = poll.count()
    for one in rounds_of(outcome):
        assert one["exhausted"] + sum(one["totals"].values()) == poll.size * UNIT[poll.rule]


@given(polls(rules=("irv/1", "stv-wig/1")))
def test_options_leave_once_and_exhausted_never_falls(poll):
    rounds = rounds_of(poll.count())
    assert list(rounds[0]["totals"]) == poll.options
    assert rounds[-1]["out"] == []
    for before, after in pairwise(rounds):
        gone = before["out"] + before.get("elected", [])
        assert gone
        assert list(after["totals"]) == [o for o in before["totals"] if o not in gone]
        assert after["exhausted"] >= before["exhausted"]


@given(polls(), st.integers(1, 5))
def test_an_option_that_all_name_alone_wins_alone(poll, many):
    favourite = poll.tie_order[-1]
    choice = {
        "plurality": favourite,
        "yesno": favourite,
        "score": {favourite: 1},
        "cumulative": {favourite: 2},
    }.get(poll.method, [favourite])
    assert poll.with_(ballots=[(choice, many)]).count().winners == [favourite]
