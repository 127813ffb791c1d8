"""Counts by programs that share no code with ours: pyrankvote, and the project's own verifier."""

from random import Random

import pytest
from hypothesis import given
from pyrankvote import Ballot, Candidate, instant_runoff_voting, single_transferable_vote

from tests.voting.domain.counting.polls import OPTIONS, Poll, polls, rounds_of
from voting.verify.counting.election import Election
from voting.verify.counting.rankings import instant_runoff
from voting.verify.counting.rankings import single_transferable_vote as verifiers_stv
from voting.verify.counting.totals import greedy_budget, most_votes

VERIFIERS = {
    "plurality/1": most_votes,
    "approval/1": most_votes,
    "irv/1": instant_runoff,
    "stv-wig/1": verifiers_stv,
    "pb-greedy/1": greedy_budget,
}


def counted_by_pyrankvote(poll, rule, **options):
    candidates = {option: Candidate(option) for option in poll.options}
    ballots = [
        Ballot([candidates[option] for option in ranking])
        for ranking, many in poll.ballots
        for _ in range(many)
        if ranking
    ]
    result = rule(list(candidates.values()), ballots, **options)
    return sorted(winner.name for winner in result.get_winners())


def random_poll(rule, seed):
    """Some hundred ballots, more for some options than for others, as elections are."""
    random = Random(seed)
    options = OPTIONS[: random.randint(3, 5)]
    popular = {option: random.random() for option in options}
    rankings = [
        sorted(options, key=lambda o: -popular[o] * random.random())[: random.randint(1, 5)]
        for _ in range(random.randint(60, 300))
    ]
    seats = {"seats": random.randint(2, len(options) - 1)} if rule == "stv-wig/1" else {}
    return Poll(rule, "ranked", options, options, [(r, 1) for r in rankings], seats)


def is_clear(outcome):
    """No option went out by less than a thirtieth of all votes."""
    for one in rounds_of(outcome):
        lowest, next_one, *_ = [*sorted(one["totals"].values()), 0, 0]
        if one["out"] and (next_one - lowest) * 30 < sum(one["totals"].values()):
            return False
    return True


@pytest.mark.parametrize("rule", ["irv/1", "stv-wig/1"])
def test_pyrankvote_finds_the_same_winners_wherever_they_are_clear(rule):
    """Its quota is a fraction and its surpluses go all at once, so close ones may differ."""
    theirs = {"irv/1": instant_runoff_voting, "stv-wig/1": single_transferable_vote}[rule]
    compared = 0
    for seed in range(150):
        poll = random_poll(rule, seed)
        outcome = poll.count()
        if is_clear(outcome):
            seats = {} if rule == "irv/1" else {"number_of_seats": poll.params["seats"]}
            assert counted_by_pyrankvote(poll, theirs, **seats) == sorted(outcome.winners)
            compared += 1
    assert compared > 40


@given(polls())
def test_the_verifier_counts_every_rule_the_same(poll):
    outcome = poll.count()
    election = Election(
        options=tuple(poll.options),
        votes=[(choice, many) for choice, many in poll.ballots if choice],
        counted=poll.size,
        params=poll.params,
        costs=poll.costs,
        ties={option: rank for rank, option in enumerate(poll.tie_order)},
    )
    theirs = VERIFIERS[poll.rule](election)
    assert (theirs.winners, theirs.detail) == (outcome.winners, outcome.detail)
