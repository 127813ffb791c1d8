"""Crowds and repetitions at the real server: one ballot a pass, one answer a message."""

import json
import random
import time
from collections import Counter

import pytest

from voting.client import Voter, check_promise


def ballots_in(town, key):
    return [entry for entry in town.entries(key) if entry["type"] == "ballot"]


@pytest.mark.adversary("A1")
def test_two_hundred_parallel_casts_of_one_pass_are_one_ballot(town, together):
    key = town.poll()
    manifest = town.manifest(key)
    voter = town.voter(manifest)
    raws = [voter.ballot(choice) for choice in ("a", "b", "c", None)]
    answers = together(lambda i: town.cast(key, raws[i % 4]), 200)
    assert Counter((answer.status, answer.code) for answer in answers) == {
        (202, ""): 50,
        (409, "key-used"): 150,
    }
    taken = {check_promise(a.body, raws[i % 4], manifest).leaf
             for i, a in enumerate(answers) if a.status == 202}  # fmt: skip
    assert len(taken) == 1
    town.wait(lambda: ballots_in(town, key))
    assert [
        entry["choice"] in "abc" if entry["choice"] else True for entry in ballots_in(town, key)
    ] == [True]


@pytest.mark.adversary("A3")
def test_every_message_five_times_in_any_order_has_one_effect_and_one_answer(town, together):
    key = town.poll()
    manifest, rng = town.manifest(key), random.Random(11)
    people = [(town.session(key), Voter.new(manifest)) for _ in range(8)]
    order = [number for number in range(8) for _ in range(5)]
    rng.shuffle(order)

    def collect(place):
        session, voter = people[order[place]]
        return town.collect(key, voter.blinded, session)

    signatures = {}
    for place, answer in enumerate(together(collect, 40)):
        assert answer.status == 200
        signatures.setdefault(order[place], set()).add(answer.body)
    assert all(len(found) == 1 for found in signatures.values())
    raws = []
    for number, (_session, voter) in enumerate(people):
        voter.finish(signatures[number].pop())
        raws.append(voter.ballot(rng.choice("abc")))
    rng.shuffle(order)
    answers = together(lambda place: town.cast(key, raws[order[place]]), 40)
    promised = {}
    for place, answer in enumerate(answers):
        promise = check_promise(answer.body, raws[order[place]], manifest)
        promised.setdefault(order[place], set()).add(promise.leaf)
    assert all(len(found) == 1 for found in promised.values())
    town.wait(lambda: len(ballots_in(town, key)) == 8)
    again = {town.cast(key, raw).status for raw in raws}
    assert again == {202}
    time.sleep(2)
    assert len(ballots_in(town, key)) == 8
    tally = json.loads(town.get(f"/polls/{key}/tally.json").body)
    assert (tally["passes"], tally["ballots"]) == (8, 8)
