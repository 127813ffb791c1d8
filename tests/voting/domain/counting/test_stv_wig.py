"""Several seats: the quota, surpluses cut off after four decimals, and who fills the last seats."""

from itertools import combinations

import pytest
from hypothesis import assume, given

from tests.voting.domain.counting.polls import Poll, polls, rounds_of
from voting.domain.counting.stv_wig import VOTE


def transfer(*ballots, seats, options="abcd"):
    letters = list(options)
    return Poll("stv-wig/1", "ranked", letters, letters, list(ballots), {"seats": seats}).count()


def quota(poll):
    named = sum(many for ranking, many in poll.ballots if ranking)
    return (named // (poll.params["seats"] + 1) + 1) * VOTE


def test_a_surplus_goes_on_with_weights_cut_off_after_four_decimals():
    outcome = transfer((["a", "b"], 5), (["a", "c"], 2), (["b"], 1), (["c"], 2), seats=2)
    first, second = rounds_of(outcome)[:2]
    assert (first["elected"], first["totals"]["a"]) == (["a"], 7 * VOTE)
    # quota 10 // 3 + 1 = 4; weight 3/7 = 0.4285|71…
    assert second["totals"] == {"b": 1 * VOTE + 5 * 4285, "c": 2 * VOTE + 2 * 4285, "d": 0}
    assert second["exhausted"] == 4 * VOTE + 7 * VOTE - 4 * VOTE - 7 * 4285


def test_weights_are_cut_off_again_at_the_next_surplus():
    outcome = transfer(
        (["a", "b", "c"], 10), (["b"], 3), (["d"], 5), (["c"], 2), seats=3, options="abcde"
    )
    rounds = rounds_of(outcome)
    # quota 20 // 4 + 1 = 6; a: 4/10 = 0.4; b then has 3 + 4 = 7: 1/7 of 0.4 is 0.0571|4…
    assert [one["elected"] for one in rounds[:2]] == [["a"], ["b"]]
    assert rounds[1]["totals"]["b"] == 7 * VOTE
    assert rounds[2]["totals"]["c"] == 2 * VOTE + 10 * 571


def test_of_two_with_the_quota_the_larger_surplus_goes_first_and_alone():
    outcome = transfer((["a"], 5), (["b", "c"], 7), (["c"], 2), seats=2)
    assert [one["elected"] for one in rounds_of(outcome)] == [["b"], ["a"]]


def test_the_last_seats_are_filled_without_the_quota():
    outcome = transfer((["a"], 5), (["b"], 2), (["c"], 1), seats=2, options="abc")
    assert outcome.winners == ["a", "b"]
    assert rounds_of(outcome)[-1]["elected"] == ["b"]


def test_seats_stay_empty_where_no_vote_is_left():
    outcome = transfer((["a"], 3), seats=2)
    assert outcome.winners == ["a"]


def test_a_surplus_that_nobody_can_receive_is_exhausted():
    outcome = transfer((["a"], 8), (["b"], 1), seats=2, options="ab")
    assert outcome.winners == ["a", "b"]


@given(polls(rules=("stv-wig/1",)))
def test_an_option_with_the_quota_in_any_round_is_elected(poll):
    outcome = poll.count()
    for one in rounds_of(outcome):
        for option, votes in one["totals"].items():
            assert votes < quota(poll) or option in outcome.winners


@given(polls(rules=("stv-wig/1",)))
def test_winners_are_those_elected_in_the_rounds_and_none_goes_out(poll):
    outcome = poll.count()
    elected = [option for one in rounds_of(outcome) for option in one["elected"]]
    out = {option for one in rounds_of(outcome) for option in one["out"]}
    assert elected == outcome.winners
    assert not out & set(elected)


@given(polls(rules=("stv-wig/1",)))
def test_elected_options_keep_a_quota_at_least_and_no_vote_appears(poll):
    outcome = poll.count()
    kept = 0
    for one in rounds_of(outcome):
        assert kept <= one["exhausted"] <= poll.size * VOTE
        assert sum(one["totals"].values()) <= poll.size * VOTE - kept
        kept += sum(min(quota(poll), one["totals"][option]) for option in one["elected"])


@given(polls(rules=("stv-wig/1",)))
def test_a_group_that_votes_together_gets_its_share(poll):
    """Droop proportionality for two solid options, loosened by what truncation can cost."""
    assume(len(poll.options) > poll.params["seats"])
    for pair in combinations(poll.options, 2):
        solid = sum(n for ranking, n in poll.ballots if set(ranking[:2]) == set(pair))
        if solid * VOTE >= 2 * quota(poll) + poll.size and poll.params["seats"] >= 2:
            assert set(pair) <= set(poll.count().winners)


@given(polls(rules=("stv-wig/1",)))
def test_one_seat_is_a_run_off(poll):
    single = poll.with_(params={"seats": 1})
    outcome = single.count()
    for one in rounds_of(outcome):
        assume(len(set(one["totals"].values())) == len(one["totals"]))
    assert outcome.winners == single.with_(rule="irv/1", params={}).count().winners


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_one_ranking_of_all_elects_from_its_top(seats):
    winners = transfer((["c", "a", "d", "b"], 12), seats=seats).winners
    assert winners == ["c", "a", "d"][:seats]
