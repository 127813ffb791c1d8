"""What the databases themselves refuse, whatever the code above them thinks."""

import secrets
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.voting import polls
from voting.board.models import Checkpoint, ChoiceCount, Intake, Leaf
from voting.models import Option, Pass, Poll, RollEntry

pytestmark = pytest.mark.django_db


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic(), transaction.atomic(using="ballots"):
        act()
    return True


def leaf(poll, index, kind="ballot", **fields):
    body = secrets.token_bytes(20)
    values = {"key_sha256": secrets.token_bytes(32), "token_sha256": secrets.token_bytes(32)}
    if kind != "ballot":
        values = {}
    return Leaf.objects.create(
        poll=poll, index=index, kind=kind, body=body, leaf_hash=body, **{**values, **fields}
    )


def test_an_announced_poll_has_a_manifest():
    poll = polls.draft()
    for state in ("announced", "open", "closing", "closed", "decided", "annulled"):
        assert refused(lambda state=state: Poll.objects.filter(pk=poll.pk).update(state=state))
    Poll.objects.filter(pk=poll.pk).update(state="preparing")


def test_a_poll_closes_after_it_opens():
    poll = polls.draft()
    for closes in (poll.opens_at, poll.opens_at - timedelta(minutes=1)):
        assert refused(lambda at=closes: Poll.objects.filter(pk=poll.pk).update(closes_at=at))
    Poll.objects.filter(pk=poll.pk).update(opens_at=None)


def test_an_option_s_key_is_its_own():
    one, other = polls.draft(), polls.draft()
    assert refused(lambda: Option.objects.create(poll=one, key="a", title="Again"))
    Option.objects.create(poll=other, key="z", title="Elsewhere")
    with pytest.raises(ValidationError):
        Option(poll=one, key="Not A Key", title="x").full_clean()


@pytest.mark.adversary("A1")
def test_one_pass_and_one_place_on_the_roll_for_each_person():
    poll, other, person = polls.draft(), polls.draft(), uuid.uuid4()
    Pass.objects.create(poll=poll, resident=person, blinded_sha256=b"a" * 32)
    assert refused(
        lambda: Pass.objects.create(poll=poll, resident=person, blinded_sha256=b"b" * 32)
    )
    Pass.objects.create(poll=other, resident=person, blinded_sha256=b"a" * 32)
    entry = {"resident": person, "salt": b"s" * 32, "commitment": b"c" * 32}
    RollEntry.objects.create(poll=poll, **entry)
    assert refused(lambda: RollEntry.objects.create(poll=poll, **entry))


@pytest.mark.adversary("A1")
def test_one_ballot_for_each_key_and_each_token_and_one_leaf_for_each_place():
    poll = uuid.uuid4()
    first = leaf(poll, 1)
    assert refused(lambda: leaf(poll, 1))
    assert refused(lambda: leaf(poll, 2, key_sha256=first.key_sha256))
    assert refused(lambda: leaf(poll, 2, token_sha256=first.token_sha256))
    leaf(uuid.uuid4(), 1, key_sha256=first.key_sha256, token_sha256=first.token_sha256)
    Intake.objects.create(poll=poll, key_sha256=b"k" * 32, leaf_hash=b"h" * 32, leaf=b"1")
    assert refused(
        lambda: Intake.objects.create(
            poll=poll, key_sha256=b"k" * 32, leaf_hash=b"i" * 32, leaf=b"2"
        )
    )


def test_ballots_have_a_key_and_a_token_and_nothing_else_has_a_key():
    poll = uuid.uuid4()
    assert refused(lambda: leaf(poll, 1, key_sha256=None))
    assert refused(lambda: leaf(poll, 1, token_sha256=None))
    assert refused(lambda: leaf(poll, 1, kind="note", key_sha256=b"k" * 32))
    leaf(poll, 1, kind="note")
    leaf(poll, 2, kind="note")


def test_a_checkpoint_of_a_size_is_signed_once():
    poll = uuid.uuid4()
    Checkpoint.objects.create(poll=poll, size=1, note="one")
    assert refused(lambda: Checkpoint.objects.create(poll=poll, size=1, note="a fork"))


def test_a_choice_is_counted_once_and_never_below_one():
    poll = uuid.uuid4()
    row = {"poll": poll, "choice_sha256": b"c" * 32, "choice": '"a"'}
    assert refused(lambda: ChoiceCount.objects.create(**row, ballots=0))
    ChoiceCount.objects.create(**row, ballots=1)
    assert refused(lambda: ChoiceCount.objects.create(**row, ballots=1))
    assert refused(lambda: ChoiceCount.objects.filter(poll=poll).update(ballots=0))


def test_a_poll_s_organiser_cannot_vanish():
    poll = polls.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        poll.organiser.delete()
    assert poll.topic == f"poll.{poll.pk}"
    assert poll.get_absolute_url() == f"/polls/{poll.pk}/"
