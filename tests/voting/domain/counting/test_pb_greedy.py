"""Budgets: never exceeded, spent from the top, skipping what no longer fits."""

from hypothesis import given

from tests.voting.domain.counting.polls import Poll, polls
from voting.domain.counting import tally


def spend(costs, budget, *ballots, method="budget-approval"):
    options = list(costs)
    return Poll(
        "pb-greedy/1", method, options, options, list(ballots), {"budget": budget}, costs
    ).count()


@given(polls(rules=("pb-greedy/1",)))
def test_the_budget_is_never_exceeded_and_what_is_spent_adds_up(poll):
    outcome = poll.count()
    spent = sum(poll.costs[project] for project in outcome.winners)
    assert outcome.detail == {"selected": outcome.winners, "spent": spent}
    assert spent <= poll.params["budget"]


@given(polls(rules=("pb-greedy/1",)))
def test_a_project_is_left_out_only_for_want_of_votes_or_of_money(poll):
    outcome = poll.count()
    totals = tally(poll.options, poll.ballots, poll.method)
    for project in set(poll.options) - set(outcome.winners):
        ahead = [w for w in outcome.winners if totals[w] >= totals[project]]
        left = poll.params["budget"] - sum(poll.costs[w] for w in ahead)
        assert totals[project] <= 0 or poll.costs[project] > left


@given(polls(rules=("pb-greedy/1",)))
def test_projects_are_taken_by_falling_totals(poll):
    totals = tally(poll.options, poll.ballots, poll.method)
    taken = [totals[project] for project in poll.count().winners]
    assert taken == sorted(taken, reverse=True)


def test_what_no_longer_fits_is_skipped():
    outcome = spend({"a": 6, "b": 5, "c": 4}, 10, (["a", "b", "c"], 1), (["a", "b"], 1), (["a"], 1))
    assert outcome.detail == {"selected": ["a", "c"], "spent": 10}


def test_points_count_and_not_how_many_gave_them():
    outcome = spend({"a": 9, "b": 9}, 9, ({"a": 1}, 3), ({"b": 5}, 1), method="cumulative")
    assert outcome.winners == ["b"]


def test_a_free_project_without_votes_is_not_taken():
    assert spend({"a": 0, "b": 0}, 5, (["b"], 1)).winners == ["b"]


def test_scores_may_speak_against_a_project():
    outcome = spend({"a": 1, "b": 1}, 5, ({"a": 2, "b": 1}, 1), ({"b": -1}, 1), method="score")
    assert outcome.winners == ["a"]
