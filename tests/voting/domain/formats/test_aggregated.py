"""Cast vote records added up as JSON."""

import json

import pytest

from voting.domain.formats import ElectionError, read_election

NAMES = ["Ann", "Ben", "Cem", "Undeclared Write-ins"]


def read(ballots, /, **fields):
    value = {"candidates": NAMES, "ballots": ballots} | fields
    return read_election("2025_some_town.json", json.dumps(value))


def rankings(ballots, **rules):
    return [ranking for ranking, _ in read(ballots, rules=rules).ballots]


def test_one_seat_is_a_run_off_and_several_are_transferable_votes():
    single, several = read([[3, [1, 0]]]), read([[3, [1, 0]]], seats=2)
    assert (single.title, single.rule) == ("2025 some town", "irv/1")
    assert single.params == {"max_ranks": 5, "batch": True}
    assert single.ballots == several.ballots == [(["ben", "ann"], 3)]
    assert (several.rule, several.params) == ("stv-wig/1", {"max_ranks": 5, "seats": 2})


def test_a_ballot_ends_at_an_overvote_unless_the_rules_skip_it():
    assert rankings([[1, [0, -1, 1]], [1, [-1]]]) == [["ann"], []]
    assert rankings([[1, [0, -1, 1]]], overvoteRule="alwaysSkipToNextRank") == [["ann", "ben"]]


def test_a_candidate_named_again_counts_once_unless_the_rules_end_the_ballot():
    assert rankings([[1, [0, 0, 1]]]) == [["ann", "ben"]]
    assert rankings([[1, [0, 0, 1]]], exhaustOnDuplicateCandidate=True) == [["ann"]]


def test_the_rules_of_the_file_become_parameters():
    rules = {"batchElimination": False, "maxRankingsAllowed": "3", "numberOfWinners": "1"}
    assert read([[1, [0]]], rules=rules).params == {"max_ranks": 3, "batch": False}
    assert read([[1, [0, 1, 2, 3]]], rules=rules).params["max_ranks"] == 4
    assert read([[1, [0]]], rules={"maxRankingsAllowed": "max"}).params["max_ranks"] == 5
    assert read([[1, [0]]], rules={"numberOfWinners": "2"}).params["seats"] == 2


def test_undeclared_write_ins_leave_first_if_anybody_put_them_first():
    assert read([[1, [3]]]).params["first_out"] == ["undeclared-write-ins"]
    assert "first_out" not in read([[1, [0, 3]]]).params
    assert "first_out" not in read([[1, [3]]], seats=2).params


def test_equal_names_stay_two_options():
    election = read([[1, [1, 0]]], candidates=["Kim", "Kim"])
    assert election.names == {"kim": "Kim", "kim-2": "Kim (2)"}
    assert election.ballots == [(["kim-2", "kim"], 1)]


def test_ballots_that_nobody_cast_are_left_out():
    assert read([[0, [1]], [2, []]]).ballots == [([], 2)]


@pytest.mark.parametrize(
    "fields",
    [
        {"candidates": []},
        {"candidates": "Ann"},
        {"candidates": [1]},
        {"ballots": {}},
        {"ballots": [[1]]},
        {"ballots": [[1, 0]]},
        {"ballots": [[1, [4]]]},
        {"ballots": [[1, [-2]]]},
        {"ballots": [[1, [True]]]},
        {"ballots": [[1.5, [0]]]},
        {"ballots": [[-1, [0]]]},
        {"ballots": [["1", [0]]]},
        {"seats": 0},
        {"seats": "two"},
        {"seats": True},
    ],
)
def test_malformed_elections_are_refused(fields):
    with pytest.raises(ElectionError):
        read([[1, [0]]], **fields)


def test_the_line_of_broken_json_is_told():
    with pytest.raises(ElectionError, match=r"^Line 2: This is not JSON"):
        read_election("x.json", '{"candidates":\n oops}')


@pytest.mark.parametrize("text", ["[1]", '{"a":' * 100_000, '{"seats": 1' + "0" * 5_000 + "}"])
def test_json_that_is_no_election_is_refused(text):
    with pytest.raises(ElectionError):
        read_election("x.json", text)
