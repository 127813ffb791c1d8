"""A group of ballots at the slot: each gets its own answer, whatever befalls its neighbours."""

import asyncio
import json
import threading
import uuid
from collections import Counter

import pytest
from django.db import DatabaseError, OperationalError, connections

from tests.voting import polls
from tests.voting.box.asking import address, ask
from tests.voting.spoilt import SPOILT
from voting.board.models import Intake
from voting.box import batches
from voting.client import check_promise
from voting.domain.merkle import leaf_hash
from voting.domain.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


class Held:
    """The thread of a box, kept busy until ``go()``: what comes meanwhile waits together."""

    def __init__(self, sides):
        self.gate = threading.Event()
        self.job = sides.slot.batches.thread.submit(self.gate.wait, 60)

    def go(self):
        self.gate.set()


async def until(done):
    while not done():
        await asyncio.sleep(0.01)


def cast_together(sides, poll, raws):
    """Answers to ballots that all waited while the thread was held."""

    async def cast():
        held = Held(sides)
        box = sides.slot.batches
        tasks = [asyncio.create_task(box.cast(poll.pk, raw)) for raw in raws]
        await asyncio.sleep(0)
        held.go()
        return await asyncio.gather(*tasks)

    return asyncio.run(cast())


def said(answer):
    return answer.code if isinstance(answer, Refusal) else json.loads(answer)["leaf"]


def kept(poll):
    return sorted(bytes(row.leaf) for row in Intake.objects.filter(poll=poll.pk))


def test_one_s_refusal_is_nothing_to_its_neighbours(sides):
    poll, other = polls.opened(), polls.opened()
    voter, stranger = polls.voter(poll), polls.ballot(other)
    good = [polls.ballot(poll, choice) for choice in "abc"]
    raws, expected = [], []
    for place, (code, spoil) in enumerate(SPOILT.values()):
        raws += [spoil(voter.ballot("a"), voter, stranger), good[place % 3]]
        expected += [code, leaf_hash(good[place % 3]).hex()]
    answers = cast_together(sides, poll, raws)
    assert [said(answer) for answer in answers] == expected
    assert kept(poll) == sorted(good)


def test_of_two_ballots_of_one_pass_in_one_group_the_first_is_taken(sides):
    poll = polls.opened()
    voters = [polls.voter(poll) for _ in range(5)]
    firsts = [voter.ballot("a") for voter in voters]
    seconds = [voter.ballot("b") for voter in voters]
    answers = cast_together(sides, poll, firsts + seconds + firsts)
    leaves = [leaf_hash(raw).hex() for raw in firsts]
    assert [said(answer) for answer in answers] == leaves + ["key-used"] * 5 + leaves
    assert kept(poll) == sorted(firsts)


def test_groups_of_many_polls_are_answered_each_by_its_own(sides):
    some = [polls.opened() for _ in range(3)]
    raws = [polls.ballot(poll) for poll in some]

    async def cast():
        held = Held(sides)
        asked = [(poll.pk, raw) for poll in some for raw in raws] + [(uuid.uuid4(), raws[0])]
        tasks = [asyncio.create_task(sides.slot.batches.cast(*pair)) for pair in asked]
        await asyncio.sleep(0)
        held.go()
        return await asyncio.gather(*tasks)

    answers = [said(answer) for answer in asyncio.run(cast())]
    expected = [
        leaf_hash(raw).hex() if mine == at else "manifest"
        for at in range(3)
        for mine, raw in enumerate(raws)
    ]
    assert answers == [*expected, "not-found"]


@pytest.mark.adversary("B4")
def test_who_is_cut_off_leaves_everybody_else_their_own_answer(sides):
    poll = polls.opened()
    manifest = polls.manifest_of(poll)
    raws = [polls.ballot(poll, choice) for choice in "abc" * 8]

    async def cast():
        held = Held(sides)
        tasks = [asyncio.create_task(sides.slot.batches.cast(poll.pk, raw)) for raw in raws]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.sleep(0)
        for task in tasks[::4]:
            task.cancel()  # and once more, by force
        held.go()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(cast())
    for place, (raw, answer) in enumerate(zip(raws, answers, strict=True)):
        if place % 4:  # whoever was asked only once to end still gets what was promised
            check_promise(answer, raw, manifest)
        else:
            assert isinstance(answer, asyncio.CancelledError)
    assert kept(poll) == sorted(raws)
    again = cast_together(sides, poll, raws)
    assert [said(answer) for answer in again] == [leaf_hash(raw).hex() for raw in raws]


@pytest.mark.adversary("G9")
def test_beyond_the_room_it_is_503_at_once_and_nothing_is_lost_or_doubled(sides, monkeypatch):
    monkeypatch.setattr(batches, "ROOM", 10)
    monkeypatch.setattr(batches, "TOGETHER", 4)
    poll = polls.opened()
    raws = [polls.ballot(poll) for _ in range(40)]

    async def storm():
        held = Held(sides)
        tasks = [asyncio.create_task(ask(sides.slot, address(poll), raw)) for raw in raws]
        await until(lambda: sum(task.done() for task in tasks) >= 26)  # while nothing is written
        at_once = [task.result() for task in tasks if task.done()]
        held.go()
        return at_once, await asyncio.gather(*tasks)

    at_once, answers = asyncio.run(storm())
    assert {answer.status for answer in at_once} == {503}
    assert {answer.text["retry-after"] for answer in at_once} == {"2"}
    taken = [raw for raw, answer in zip(raws, answers, strict=True) if answer.status == 202]
    assert Counter(answer.status for answer in answers) == {202: len(taken), 503: 40 - len(taken)}
    assert 10 <= len(taken) <= 14  # who waited, and up to four that were being written meanwhile
    assert kept(poll) == sorted(taken)
    calm = [asyncio.run(ask(sides.slot, address(poll), raw)) for raw in raws]
    assert {answer.status for answer in calm} == {202}
    assert kept(poll) == sorted(raws)


def fail_to_commit(times):
    """Let the next commits of this thread fail as a full disk or a lost line makes them fail."""
    connection, left = connections["ballots"], [OperationalError("disk I/O error")] * times

    def commit():
        if left:
            raise left.pop()
        del connection.commit
        connection.commit()

    connection.commit = commit


@pytest.mark.adversary("A5")
def test_what_was_not_committed_is_promised_to_nobody(sides):
    poll = polls.opened()
    raws = [polls.ballot(poll) for _ in range(6)]
    sides.slot.batches.thread.submit(fail_to_commit, 1).result()
    answers = cast_together(sides, poll, raws)
    assert [said(answer) for answer in answers] == ["busy"] * 6
    assert kept(poll) == []
    answers = cast_together(sides, poll, raws)
    assert [said(answer) for answer in answers] == [leaf_hash(raw).hex() for raw in raws]
    assert kept(poll) == sorted(raws)


@pytest.mark.parametrize("error", [OperationalError, DatabaseError, RuntimeError])
def test_after_any_error_the_box_goes_on(sides, error):
    poll = polls.opened()
    raws = [polls.ballot(poll) for _ in range(6)]

    def broken(run, sql, *rest):
        connections["ballots"].execute_wrappers.clear()
        raise error("once")

    def breaks():
        connections["ballots"].execute_wrappers.append(broken)

    sides.slot.batches.thread.submit(breaks).result()
    answers = cast_together(sides, poll, raws)
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0] is None or said(answers[0]) == "busy"
    answers = cast_together(sides, poll, raws)
    assert [said(answer) for answer in answers] == [leaf_hash(raw).hex() for raw in raws]


def test_a_long_queue_is_taken_in_bounded_groups(sides, monkeypatch):
    """Two thousand that vote at one word are eleven commits, not two thousand and not one."""
    monkeypatch.setattr(batches, "TOGETHER", 4)
    poll, groups = polls.opened(), []
    cast = batches.answers_to
    monkeypatch.setattr(
        batches, "answers_to", lambda **asked: groups.append(len(asked["raws"])) or cast(**asked)
    )
    raws = [polls.ballot(poll) for _ in range(22)]
    answers = cast_together(sides, poll, raws)
    assert [said(answer) for answer in answers] == [leaf_hash(raw).hex() for raw in raws]
    assert max(groups) == 4
    assert len(groups) <= 7


def test_a_box_that_stops_answers_what_waits_and_takes_no_more(sides):
    poll = polls.opened()
    early, late = [polls.ballot(poll) for _ in range(9)], polls.ballot(poll)

    async def end():
        held, box = Held(sides), sides.slot.batches
        tasks = [asyncio.create_task(box.cast(poll.pk, raw)) for raw in early]
        await asyncio.sleep(0)
        stopping = asyncio.create_task(box.stop())
        await asyncio.sleep(0)
        refused = await box.cast(poll.pk, late)
        held.go()
        await stopping
        return refused, [task.result() for task in tasks if task.done()]

    refused, answers = asyncio.run(end())
    assert said(refused) == "busy"
    assert [said(answer) for answer in answers] == [leaf_hash(raw).hex() for raw in early]
    assert kept(poll) == sorted(early)
