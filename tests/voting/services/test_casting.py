"""Casting: what is taken is durable and promised, what is refused leaves nothing behind."""

import json
import random
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from engage.journal.models import Entry
from tests.voting import polls
from tests.voting.spoilt import SPOILT
from voting.board.models import ChoiceCount, Intake, Leaf, Log
from voting.client import check_promise
from voting.clock import database_now
from voting.domain.merkle import leaf_hash
from voting.domain.refusal import Refusal
from voting.models import Poll
from voting.services.announcing import prepare_poll
from voting.services.casting import cast_ballot, cast_ballots
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


def refusal(poll, raw):
    with pytest.raises(Refusal) as error:
        cast_ballot(poll=poll.pk, raw=raw)
    assert error.value.sentence
    return error.value.code


def held(poll):
    """Every ballot that the board holds of a poll, waiting or logged."""
    waiting = Intake.objects.filter(poll=poll.pk).values_list("leaf", flat=True)
    ballots = Leaf.objects.filter(poll=poll.pk, kind="ballot").values_list("body", flat=True)
    return sorted(bytes(body) for body in [*waiting, *ballots])


def test_a_ballot_is_taken_and_promised():
    poll = polls.opened()
    raw, manifest = polls.ballot(poll), polls.manifest_of(poll)
    promise = check_promise(cast_ballot(poll=poll.pk, raw=raw), raw, manifest, database_now())
    assert promise.by > database_now().isoformat(timespec="minutes")[:16]
    assert held(poll) == [raw]
    assert Entry.objects.filter(topic=poll.topic, kind__contains="ballot").count() == 0


CLOSED = "closed"
BOX = {
    "announced": "not-open", "open": "taken", "closing": "taken",
    "closed": CLOSED, "decided": CLOSED, "annulled": CLOSED,
}  # fmt: skip


@pytest.mark.parametrize("state", BOX)
def test_when_the_box_takes_ballots(state):
    poll = polls.announced()  # by its manifest it opened an hour ago
    if state == "announced":
        poll = polls.coming()
    raw = polls.ballot(poll)
    after = {
        "announced": lambda: None,
        "open": lambda: polls.open_poll(poll=poll),
        "closing": lambda: polls.closed_by_hand(polls.open_poll(poll=poll)),
        "closed": lambda: polls.sealed(polls.open_poll(poll=poll)),
        "decided": lambda: polls.ended(polls.open_poll(poll=poll)),
        "annulled": lambda: polls.annul_poll(
            poll=polls.open_poll(poll=poll), by=poll.organiser, reason="A mistake."
        ),
    }
    after[state]()
    poll.refresh_from_db()
    assert poll.state == state
    if BOX[state] == "taken":
        cast_ballot(poll=poll.pk, raw=raw)
        assert held(poll) == [raw]
    else:
        assert refusal(poll, raw) == BOX[state]
        assert held(poll) == []


@pytest.mark.parametrize("state", ["draft", "preparing"])
def test_there_is_no_box_before_announcement(state):
    poll = polls.STATES[state]()
    if state == "preparing":  # the worker has begun, and was killed
        Log.objects.create(poll=poll.pk, manifest=b"", seed=bytes(32))
    for unknown in (poll.pk, uuid.uuid4()):
        with pytest.raises(Log.DoesNotExist):
            cast_ballot(poll=unknown, raw=b"{}")


@pytest.mark.adversary("A8")
def test_the_time_closes_the_box_though_no_worker_came_by():
    poll = polls.preparing()
    now = database_now().replace(second=0, microsecond=0)
    Poll.objects.filter(pk=poll.pk).update(
        opens_at=now - timedelta(hours=3), closes_at=now - timedelta(minutes=4)
    )
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    voter = polls.voter_without_pass(poll)
    voter.token = bytes(256)
    assert refusal(poll, voter.ballot("a")) == CLOSED


@pytest.mark.adversary("A8")
def test_the_box_takes_what_is_on_its_way_when_the_poll_closes():
    poll = polls.preparing()
    now = database_now().replace(second=0, microsecond=0)
    Poll.objects.filter(pk=poll.pk).update(batch_max_delay_s=600, closes_at=now)
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    voter = polls.voter_without_pass(poll)
    voter.token = bytes(256)
    assert refusal(poll, voter.ballot("a")) == "token"  # it was looked at


def test_opened_early_the_box_takes_ballots():
    poll = polls.coming()
    raw = polls.ballot(poll)
    polls.open_poll(poll=poll, by=poll.organiser)
    cast_ballot(poll=poll.pk, raw=raw)
    assert held(poll) == [raw]


@pytest.mark.adversary("A3")
def test_the_same_bytes_have_one_effect_before_and_after_merge_close_and_count():
    poll = polls.opened()
    raw, manifest = polls.ballot(poll), polls.manifest_of(poll)

    def again():
        promises = [cast_ballot(poll=poll.pk, raw=raw) for _ in range(5)]
        return {check_promise(each, raw, manifest).leaf for each in promises}

    found = again()
    merge_intake(poll=poll.pk)
    found |= again()
    polls.sealed(poll)
    found |= again()
    polls.decide_poll(poll=poll)
    found |= again()
    assert len(found) == 1
    assert held(poll) == [raw]
    assert ChoiceCount.objects.get(poll=poll.pk).ballots == 1


@pytest.mark.parametrize("merged", [False, True])
def test_a_second_ballot_of_one_pass_is_refused(merged):
    poll = polls.opened()
    voter = polls.voter(poll)
    first = voter.ballot("a")
    cast_ballot(poll=poll.pk, raw=first)
    if merged:
        merge_intake(poll=poll.pk)
    again, other = voter.ballot("a"), voter.ballot("b")
    assert again != first  # another nonce, so other bytes
    for raw in (again, other):
        assert refusal(poll, raw) == "key-used"
    assert held(poll) == [first]


def test_when_the_poll_is_over_another_ballot_of_a_used_pass_is_told_so():
    poll = polls.opened()
    voter = polls.voter(poll)
    cast_ballot(poll=poll.pk, raw=voter.ballot("a"))
    polls.sealed(poll)
    for raw in (voter.ballot("b"), b"{}", b"\xff"):
        assert refusal(poll, raw) == CLOSED


@pytest.mark.parametrize("what", SPOILT)
@pytest.mark.adversary("A9")
def test_a_bad_ballot_is_refused_with_its_code_and_leaves_nothing(what):
    code, spoil = SPOILT[what]
    poll, other = polls.opened(), polls.opened()
    voter = polls.voter(poll)
    raw = voter.ballot("a")
    assert refusal(poll, spoil(raw, voter, polls.ballot(other))) == code
    assert held(poll) == held(other) == []
    cast_ballot(poll=poll.pk, raw=raw)  # and the pass is as good as before
    assert held(poll) == [raw]


def test_a_ballot_over_16384_bytes_is_too_long():
    poll = polls.opened()
    assert refusal(poll, b" " * 16_385) == "too-long"


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_two_hundred_casts_of_one_pass_at_once_are_one_ballot(at_once):
    poll = polls.opened()
    voter = polls.voter(poll)
    raws = [voter.ballot(choice) for choice in ("a", "b", None, "c")]
    answers = at_once(lambda i: cast_ballot(poll=poll.pk, raw=raws[i % 4]), 200)
    codes = [each.code for each in answers if isinstance(each, Refusal)]
    taken = {json.loads(each)["leaf"] for each in answers if isinstance(each, bytes)}
    assert set(codes) == {"key-used"}
    assert (len(codes), len(taken)) == (150, 1)
    assert len(held(poll)) == 1
    merge_intake(poll=poll.pk)
    assert len(held(poll)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A8")
def test_what_was_promised_while_the_box_was_shut_is_in_the_log_before_the_close(at_once):
    poll = polls.opened()
    raws = [polls.ballot(poll, choice) for choice in "ab" * 15]

    def act(number):
        if number == 15:
            return polls.sealed(poll)
        return cast_ballot(poll=poll.pk, raw=raws[number])

    answers = at_once(act, 30)
    promised = {json.loads(each)["leaf"] for each in answers if isinstance(each, bytes)}
    refused = [each.code for each in answers if isinstance(each, Refusal)]
    assert len(promised) + len(refused) == 29
    assert set(refused) <= {"closed"}
    entries = polls.logged(poll)
    logged = {leaf_hash(body).hex() for kind, body in entries if kind == "ballot"}
    assert logged == promised
    assert entries[-1][0] == "close"
    assert Intake.objects.count() == 0


def said(answer):
    return answer.code if isinstance(answer, Refusal) else json.loads(answer)["leaf"]


@pytest.mark.parametrize("seed", range(5))
def test_cast_together_is_cast_one_after_the_other(seed):
    """Good, repeated, second and spoilt ballots in any order: the same answers, the same box."""
    poll, other, rng = polls.opened(), polls.opened(), random.Random(seed)
    voters = [polls.voter(poll) for _ in range(4)]
    raws = [voter.ballot(choice) for voter in voters for choice in "ab"] * 2
    raws += [spoil(raws[0], voters[0], polls.ballot(other)) for _code, spoil in SPOILT.values()]
    rng.shuffle(raws)
    for merged in (raws[:3], raws[3:6]):  # the log knows some of them, the intake some more
        cast_ballots(poll=poll.pk, raws=merged)
        if merged == raws[:3]:
            merge_intake(poll=poll.pk)
    with polls.taken_back("ballots"):
        alone = [said(*cast_ballots(poll=poll.pk, raws=[raw])) for raw in raws]
        box = held(poll)
    together = [said(answer) for answer in cast_ballots(poll=poll.pk, raws=raws)]
    assert (together, held(poll)) == (alone, box)


def test_a_group_asks_the_databases_no_more_than_one_ballot_does():
    poll = polls.opened()
    counts = []
    for number in (1, 30):
        raws = [polls.ballot(poll) for _ in range(number)]
        with (
            CaptureQueriesContext(connections["default"]) as people,
            CaptureQueriesContext(connections["ballots"]) as ballots,
        ):
            cast_ballots(poll=poll.pk, raws=raws)
        counts.append((len(people), len(ballots)))
    assert counts[0] == counts[1]
    assert counts[0][0] == 1  # the time
    assert cast_ballots(poll=poll.pk, raws=[]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_groups_that_share_passes_agree_on_every_winner_and_never_wait_for_each_other(at_once):
    """As several processes cast them: each group in an order of its own."""
    poll = polls.opened()
    ballots = [[voter.ballot(c) for c in "abc"] for voter in [polls.voter(poll) for _ in range(12)]]

    def act(number):
        rng = random.Random(number)
        raws = [rng.choice(each) for each in rng.sample(ballots, 12)]
        return list(zip(raws, cast_ballots(poll=poll.pk, raws=raws), strict=True))

    groups = at_once(act, 40)
    answers = [pair for group in groups for pair in group]  # an exception would not be a list
    taken = {raw for raw, answer in answers if isinstance(answer, bytes)}
    assert held(poll) == sorted(taken)
    assert len(taken) == 12
    assert all((raw in taken) == isinstance(answer, bytes) for raw, answer in answers)
    assert {answer.code for _raw, answer in answers if isinstance(answer, Refusal)} == {"key-used"}
