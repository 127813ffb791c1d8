"""The log read by its tiles: proofs at every edge, and no question that names one ballot."""

import pytest


@pytest.fixture
def log(run_in_node):
    return lambda name: run_in_node(name, module="tests/voting/scripts/largelog.js")


def test_every_leaf_is_proved_from_all_tiles_and_histories_agree(log):
    assert log("everySize") == []


def test_an_older_checkpoint_is_read_from_the_tiles_of_today(log):
    assert log("olderCheckpoint") == [3, "note 300\n", None]


@pytest.mark.adversary("J3")
def test_a_large_log_is_asked_for_a_group_of_ballots_never_for_one(log):
    outcome = log("aboveAllTiles")
    assert outcome["first"] is True
    assert outcome["bottom"] <= 2  # tiles at the log's end, which depend on sizes alone
    assert outcome["others"] > 200
    assert (outcome["index"], outcome["absent"]) == (66_666, None)
