"""Instant run-off: majority, batches, ties and options that leave first."""

from hypothesis import assume, given

from tests.voting.domain.counting.polls import Poll, polls, rounds_of


def run_off(*ballots, tie_order="abc", **params):
    order = list(tie_order)
    return Poll("irv/1", "ranked", sorted(order), order, list(ballots), params).count()


def outs(outcome):
    return [one["out"] for one in rounds_of(outcome)]


@given(polls(rules=("irv/1",)))
def test_whoever_has_more_than_half_of_the_first_places_wins_at_once(poll):
    named = sum(many for ranking, many in poll.ballots if ranking)
    firsts = {o: sum(n for r, n in poll.ballots if r[:1] == [o]) for o in poll.options}
    leader = max(poll.options, key=lambda option: firsts[option])
    assume(2 * firsts[leader] > named)
    outcome = poll.count()
    assert outcome.winners == [leader]
    assert len(rounds_of(outcome)) == 1


@given(polls(rules=("irv/1",)))
def test_the_winner_has_more_than_half_in_the_last_round(poll):
    outcome = poll.count()
    last = rounds_of(outcome)[-1]["totals"]
    votes = sum(last.values())
    assert bool(outcome.winners) == (votes > 0)
    assert all(2 * last[winner] > votes for winner in outcome.winners)


@given(polls(rules=("irv/1",), most=8))
def test_batches_change_no_winner_and_keep_some_of_the_rounds(poll):
    slow = poll.with_(params=poll.params | {"batch": False}).count()
    fast = poll.with_(params=poll.params | {"batch": True}).count()
    for one in rounds_of(slow):
        assume(len(set(one["totals"].values())) == len(one["totals"]))
    totals = [one["totals"] for one in rounds_of(slow)]
    assert fast.winners == slow.winners
    for one in rounds_of(fast):
        # The slow count may find its majority in the middle of what is a batch.
        assert one["totals"] in totals or len(one["totals"]) < len(totals[-1])


@given(polls(rules=("irv/1",), batch=True))
def test_a_batch_together_has_fewer_votes_than_any_that_stays(poll):
    rounds = rounds_of(poll.count())
    for one in rounds[:-1]:
        stay = [votes for option, votes in one["totals"].items() if option not in one["out"]]
        if len(one["out"]) > 1:
            assert sum(one["totals"][option] for option in one["out"]) < min(stay)


def test_the_largest_batch_leaves():
    outcome = run_off(
        (["a"], 1), (["b"], 2), (["c"], 4), (["d"], 9), (["e"], 10), tie_order="abcde", batch=True
    )
    assert outs(outcome) == [["a", "b", "c"], []]


def test_without_votes_there_is_no_winner():
    outcome = run_off(([], 3))
    assert outcome.winners == []
    assert rounds_of(outcome) == [{"exhausted": 3, "out": [], "totals": {"a": 0, "b": 0, "c": 0}}]


def test_half_is_not_more_than_half():
    outcome = run_off((["a"], 2), (["b"], 1), (["c", "b"], 1), tie_order="bca")
    assert [one["totals"] for one in rounds_of(outcome)][1] == {"a": 2, "b": 2}
    assert (outcome.winners, outs(outcome)) == (["a"], [["c"], ["b"], []])


def test_a_tie_goes_by_the_latest_earlier_round_that_differs():
    ballots = [(["a"], 5), (["b"], 3), (["c", "b"], 2), (["d"], 6)]
    assert outs(run_off(*ballots, tie_order="bacd"))[:2] == [["c"], ["b"]]


def test_a_tie_from_the_start_goes_by_the_tie_order():
    assert run_off((["a"], 1), (["b"], 1), tie_order="bac").winners == ["b"]
    assert run_off((["a"], 1), (["b"], 1), tie_order="abc").winners == ["a"]


def test_options_named_to_leave_first_leave_first_whatever_their_votes():
    ballots = [(["c", "a"], 4), (["a"], 3), (["b"], 2)]
    assert outs(run_off(*ballots))[0] == ["b"]
    assert outs(run_off(*ballots, first_out=["c"]))[0] == ["c"]


def test_options_named_to_leave_first_cannot_win_the_first_round():
    outcome = run_off((["c", "a"], 9), (["b"], 2), first_out=["c"])
    assert outcome.winners == ["a"]
    assert outs(outcome) == [["c"], []]


def test_a_majority_ends_the_count_before_anybody_leaves():
    assert outs(run_off((["a"], 9), (["c"], 2), first_out=["c"])) == [[]]
