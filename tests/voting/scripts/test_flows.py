"""A voter's way through a poll under Node: whole, crashed at every step, and lied to."""

import pytest


@pytest.fixture
def flow(run_in_node):
    return lambda name: run_in_node(name, module="tests/voting/scripts/flows.js")


STEPS = ["start", "preparing", "asking", "form", "check", "sending"]


def test_a_vote_goes_from_seed_to_proof(flow):
    outcome = flow("smooth")
    assert outcome["log"] == [*STEPS, "promised", "logged"]
    assert outcome["choices"] == ["b"]


@pytest.mark.adversary("A4")
@pytest.mark.adversary("A6")
def test_a_crash_at_any_moment_ends_with_exactly_one_ballot(flow):
    outcomes = flow("crashes")
    assert len(outcomes) > 25
    assert {outcome["step"] for outcome in outcomes} == {"logged"}
    assert all(outcome["choices"] == ["b"] for outcome in outcomes)
    assert [o["first"] for o in outcomes].count("logged") == 1


def test_a_busy_or_silent_box_gets_the_same_ballot_again(flow):
    outcome = flow("busy")
    assert "sending unreachable" in outcome["log"]
    assert outcome["choices"] == ["b"]
    assert outcome["waited"] >= 7


def test_what_the_box_refuses_may_be_chosen_again(flow):
    outcome = flow("refused")
    assert "form choice" in outcome["log"]
    assert outcome["kept"] is None
    assert outcome["choice"] == "b"
    assert outcome["choices"] == ["c"]


def test_a_second_device_finds_the_ballot_of_the_first(flow):
    outcome = flow("twoDevices")
    assert "asking pass-taken" in outcome["log"]
    assert outcome["restored"] == "form"
    assert outcome["adopted"] == "a"
    assert outcome["choices"] == ["a"]
    assert outcome["third"] == ["logged", "a"]


def test_a_seed_that_may_hold_a_pass_is_never_replaced(flow):
    assert flow("keepsItsSeed") is True


def test_no_pass_is_asked_for_where_the_log_does_not_hold_our_manifest(flow):
    assert flow("manyFaces") == {
        "another manifest": ["preparing log", 0],
        "another poll": ["preparing manifest", 0],
        "not canonical": ["preparing manifest", 0],
        "a forged checkpoint": ["preparing log", 0],
        "sealed": ["preparing sealed", 0],
    }


def test_a_log_with_two_histories_raises_an_alarm_and_keeps_the_evidence(flow):
    outcome = flow("forked")
    assert outcome["log"][-1] == "promised forked"
    assert outcome["notes"] == 2


def test_a_promise_that_reaches_too_far_is_marked(flow):
    assert flow("late")["late"] is True
    assert flow("smooth")["late"] is False


def test_a_broken_promise_is_an_alarm_until_the_ballot_appears(flow):
    outcome = flow("missed")
    assert "promised missed" in outcome["log"]
    assert outcome["posts"] > 1
    assert outcome["sameBy"] is True
    assert (outcome["step"], outcome["missed"], outcome["choices"]) == ("logged", False, ["b"])


def test_a_promised_ballot_missing_from_a_closed_log_is_called_lost(flow):
    outcome = flow("lost")
    assert (outcome["step"], outcome["over"]) == ("over", "lost")


def test_a_ballot_after_close_is_told_only_once_the_log_is_complete(flow):
    outcome = flow("tooLate")
    assert "sending closing" in outcome["log"]
    assert (outcome["over"], outcome["choices"]) == ("closed", [])


def test_a_ballot_whose_answer_was_lost_at_close_is_found_in_the_log(flow):
    outcome = flow("lostAnswerAtClose")
    assert (outcome["step"], outcome["choices"]) == ("logged", ["b"])


def test_a_promise_by_another_key_is_no_promise(flow):
    outcome = flow("badPromise")
    assert outcome["alarm"] == "sending promise"
    assert (outcome["step"], outcome["choices"]) == ("logged", ["b"])


@pytest.mark.adversary("A3")
def test_two_tabs_at_once_cast_one_ballot(flow):
    outcome = flow("twoTabs")
    assert outcome["steps"] == ["logged", "logged"]
    assert outcome["same"] is True
    assert len(outcome["choices"]) == 1


def test_a_vote_set_aside_does_not_come_back_into_the_next(flow):
    outcome = flow("setAside")
    assert outcome == {"step": "start", "kept": ["promised"], "left": None, "last": "start"}
