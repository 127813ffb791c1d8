"""Announcing: handed over once, prepared whatever interrupts it, and only what can be prepared."""

import json
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.db.models import Max

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from tests.voting import polls
from voting.board.models import Checkpoint, Leaf, Log
from voting.crypto import ed25519
from voting.domain import base64url, merkle
from voting.domain.rolls import commitment, roll_root
from voting.models import IssuerKey, Option, Poll, RollEntry
from voting.services.announcing import announce_poll, prepare_poll

pytestmark = pytest.mark.django_db


def facts(poll):
    return list(Entry.objects.filter(topic=poll.topic).values_list("kind", flat=True))


def refusal(act):
    with pytest.raises(DomainError) as error:
        act()
    assert error.value.sentence
    return error.value.code


def test_a_draft_is_handed_over_and_prepared():
    poll = polls.preparing()
    assert (poll.state, poll.manifest, facts(poll)) == ("preparing", None, [])
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    manifest, log = polls.manifest_of(poll), Log.objects.get(pk=poll.pk)
    assert poll.state == "announced"
    assert facts(poll) == ["poll.announced"]
    assert polls.logged(poll) == [("manifest", manifest.raw)]
    assert (bytes(log.manifest), log.size, log.accepting) == (manifest.raw, 1, True)
    assert manifest.log_public == ed25519.public_key(bytes(log.seed))
    assert manifest.poll == str(poll.pk)
    note = Checkpoint.objects.get(poll=poll.pk, size=1).note
    head = ed25519.open_checkpoint(note, manifest.vkey)
    assert head.root == merkle.leaf_hash(manifest.raw)


@pytest.mark.parametrize(("method", "rule"), polls.KINDS)
def test_the_manifest_says_what_the_draft_said(method, rule):
    poll = polls.announced(method=method, rule=rule)
    manifest = polls.manifest_of(poll)
    given = polls.KINDS[method, rule][0]
    assert (manifest.title, manifest.method, manifest.rule) == (poll.title, method, rule)
    assert given.items() <= manifest.params.items()
    assert manifest.option_ids == tuple(poll.options.values_list("key", flat=True))
    assert bool(manifest.costs) == rule.startswith("pb-")
    assert manifest.roll is None
    assert manifest.batch == {"min": 5, "every_s": 10, "max_delay_s": 120}


def test_the_roll_is_everybody_with_a_confirmed_account_on_that_day():
    people = [polls.person() for _ in range(3)]
    EmailAddress.objects.create(user=people[0], email="second@town.example", verified=True)
    polls.person(is_active=False)
    polls.person(confirmed=False)  # anybody can type anybody's address
    poll = polls.announced(who="roll")
    polls.person()
    entries = list(RollEntry.objects.filter(poll=poll))
    assert {entry.resident for entry in entries} == {*(p.pk for p in people), poll.organiser.pk}
    for entry in entries:
        sealed = commitment(bytes(entry.salt), str(poll.pk), str(entry.resident))
        assert sealed == bytes(entry.commitment)
    assert len({bytes(entry.salt) for entry in entries}) == len(entries)
    commitments = sorted(bytes(entry.commitment) for entry in entries)
    assert polls.kinds(poll) == ["manifest", "roll"]
    leaf = json.loads(polls.logged(poll)[1][1])
    assert leaf["commitments"] == [base64url.encode(each) for each in commitments]
    assert polls.manifest_of(poll).roll == {
        "size": 4,
        "root": base64url.encode(roll_root(commitments)),
    }
    assert list(Checkpoint.objects.filter(poll=poll.pk).values_list("size", flat=True)) == [2]


@pytest.mark.adversary("A7")
def test_interrupted_anywhere_there_is_one_log_one_manifest_one_roll():
    for number in range(3):
        polls.person(display_name=str(number))
    steps = 0
    for poll in polls.every_cut(lambda poll: prepare_poll(poll=poll), polls.preparing(who="roll")):
        steps += 1
        log, manifest = Log.objects.get(pk=poll.pk), polls.manifest_of(poll)
        entries = RollEntry.objects.filter(poll=poll).values_list("commitment", flat=True)
        assert poll.state == "announced"
        assert polls.logged(poll)[0] == ("manifest", manifest.raw)
        assert polls.kinds(poll) == ["manifest", "roll"]
        assert bytes(log.manifest) == manifest.raw
        assert manifest.log_public == ed25519.public_key(bytes(log.seed))
        assert manifest.roll["size"] == len(entries) == 4
        assert manifest.roll["root"] == base64url.encode(roll_root(sorted(map(bytes, entries))))
        assert IssuerKey.objects.filter(poll=poll).count() == 1
        assert facts(poll) == ["poll.announced"]
        polls.voter(poll, poll.organiser.pk)  # the key that signs is the key in the manifest
    assert steps > 8


def test_preparing_twice_changes_nothing():
    poll = polls.announced(who="roll")
    before = (bytes(poll.manifest), polls.logged(poll), IssuerKey.objects.get(poll=poll).pem)
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    assert (
        bytes(poll.manifest),
        polls.logged(poll),
        IssuerKey.objects.get(poll=poll).pem,
    ) == before
    assert facts(poll) == ["poll.announced"]


@pytest.mark.parametrize("state", ["draft", "decided", "annulled"])
def test_only_a_poll_that_was_handed_over_is_prepared(state):
    poll = polls.STATES[state]()
    IssuerKey.objects.filter(poll=poll).delete()  # as when the record is out
    manifest, before = poll.manifest and bytes(poll.manifest), polls.logged(poll)
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    assert poll.state == state
    assert (poll.manifest and bytes(poll.manifest)) == manifest
    assert polls.logged(poll) == before
    assert Log.objects.filter(pk=poll.pk).exists() == bool(before)
    assert not IssuerKey.objects.filter(poll=poll).exists()


def test_a_poll_is_announced_once():
    poll = polls.preparing()
    assert refusal(lambda: announce_poll(poll=poll, by=poll.organiser)) == "poll.conflict"


def lacking_options():
    poll = polls.draft()
    Option.objects.filter(poll=poll, key__in="bc").delete()
    return poll


def too_long_for_a_leaf():
    options = tuple((f"o{i}", f"{i:03}" + "\N{EVERGREEN TREE}" * 197, None) for i in range(100))
    return polls.draft(options=options)


def many_long():
    return tuple((f"{i:03}" + "x" * 25, f"Option {i}", None) for i in range(80))


INCOMPLETE = {
    "one option": lacking_options,
    "no title": lambda: polls.draft(title=" "),
    "no time": lambda: polls.draft(opens_at=None),
    "a rule of another method": lambda: _changed(polls.draft(), rule="irv/1"),
    "no budget": lambda: polls.draft("budget-approval", budget=None),
    "no cost": lambda: polls.draft("knapsack", options=polls.ABC),
    "more seats than options": lambda: polls.draft("ranked", "stv-wig/1", seats=4),
    "a manifest that no leaf can hold": too_long_for_a_leaf,
    "a result that no leaf can hold": lambda: polls.draft("ranked", options=many_long()),
    "no choice allowed": lambda: polls.draft("approval", max_approvals=0),
}


def _changed(poll, **fields):
    Poll.objects.filter(pk=poll.pk).update(**fields)
    return poll


@pytest.mark.parametrize("what", INCOMPLETE)
def test_what_cannot_be_prepared_is_not_announced(what):
    poll = INCOMPLETE[what]()
    assert refusal(lambda: announce_poll(poll=poll, by=poll.organiser)) == "poll.incomplete"
    poll.refresh_from_db()
    assert poll.state == "draft"


def test_costs_left_from_another_method_do_not_stand_in_the_way():
    poll = polls.announced(options=polls.COSTED)
    assert polls.manifest_of(poll).costs == {}


def test_a_log_of_another_poll_is_never_touched():
    one, other = polls.opened(), polls.opened()
    polls.cast(one, "a", "b")
    assert polls.kinds(other) == ["manifest"]
    assert Leaf.objects.filter(poll=uuid.uuid4()).aggregate(Max("index"))["index__max"] is None
