"""Passes: one a person and poll, the same signature for the same message, nothing more is kept."""

import hashlib

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.participants import STRANGER, Participant
from engage.journal.models import Entry
from tests.voting import areas, polls
from voting.domain import blind_rsa
from voting.domain.manifest import EXPONENT
from voting.domain.refusal import Refusal
from voting.models import Pass, Poll
from voting.services.passing import issue_pass

pytestmark = pytest.mark.django_db

SIGN_IN, NOT_ELIGIBLE, CLOSED = "sign-in", "not-eligible", "closed"

# Who asks -> what they get while passes are given out, by who may vote.
WHILE_COLLECTING = {
    "everyone": {"stranger": SIGN_IN},
    "account": {"stranger": SIGN_IN, "participant": SIGN_IN},
    "roll": {"stranger": SIGN_IN, "participant": SIGN_IN, "newcomer": NOT_ELIGIBLE},
}
COLLECTING = ("announced", "open")


def answer(poll, person, blinded=None):
    """ "pass", or the code of the refusal, which always has a sentence."""
    blinded = blinded or polls.voter_without_pass(poll).blinded
    try:
        issue_pass(poll=poll, person=person, blinded=blinded)
    except DomainError as error:
        assert error.sentence
        assert bool(error.next) == (error.code in (SIGN_IN, NOT_ELIGIBLE))
        return error.code
    return "pass"


@pytest.mark.parametrize("who", list(WHILE_COLLECTING))
@pytest.mark.parametrize("state", [s for s in polls.STATES if s not in ("draft", "preparing")])
def test_who_gets_a_pass_and_when(who, state):
    resident, organiser = polls.person(), polls.organiser()
    poll = polls.STATES[state](who=who)
    newcomer = polls.person()
    people = {
        "stranger": STRANGER,
        "participant": polls.participant(level=Level.PARTICIPANT),
        "newcomer": Participant.of_account(newcomer),
        "resident": Participant.of_account(resident),
        "organiser": Participant.of_account(organiser),
    }
    refused = WHILE_COLLECTING[who] if state in COLLECTING else dict.fromkeys(people, CLOSED)
    for name, someone in people.items():
        got = answer(poll, someone)
        assert got == refused.get(name, "pass"), name
    assert Pass.objects.filter(poll=poll).count() == len(people) - len(refused)


@pytest.mark.parametrize("state", ["draft", "preparing"])
def test_no_pass_before_there_is_a_key(state):
    poll = polls.STATES[state]()
    got = answer(poll, polls.participant(), blinded=bytes(255) + b"\2")
    assert (got, Pass.objects.count()) == (CLOSED, 0)


def test_by_the_clock_no_pass_is_given_though_no_worker_came_by():
    poll = polls.opened()
    Poll.objects.filter(pk=poll.pk).update(
        closes_at=poll.opens_at + (poll.closes_at - poll.opens_at) / 100
    )
    poll.refresh_from_db()
    assert poll.state == "open"
    assert answer(poll, polls.participant()) == CLOSED


def test_passes_are_given_before_the_poll_opens():
    poll = polls.coming()
    assert answer(poll, polls.participant(level=Level.PARTICIPANT)) == "pass"


@pytest.mark.adversary("A3")
def test_the_same_message_gets_the_same_signature_and_no_second_pass():
    poll, person = polls.opened(), polls.participant()
    voter = polls.voter_without_pass(poll)

    def ask():
        return issue_pass(poll=poll, person=person, blinded=voter.blinded)

    answers = {ask() for _ in range(5)}
    assert len(answers) == 1
    kept = Pass.objects.get(poll=poll)
    assert kept.resident == person.key
    assert bytes(kept.blinded_sha256) == hashlib.sha256(voter.blinded).digest()
    token = voter.finish(answers.pop())
    manifest = polls.manifest_of(poll)
    assert blind_rsa.verify(manifest.n, EXPONENT, voter.token_message, token)


@pytest.mark.adversary("A1")
def test_another_message_of_the_same_person_is_refused():
    poll, person = polls.opened(), polls.participant()
    polls.voter(poll, person.key)
    before = list(Pass.objects.values_list("blinded_sha256", flat=True))
    assert answer(poll, person) == "pass-taken"
    assert list(Pass.objects.values_list("blinded_sha256", flat=True)) == before


def test_one_person_may_have_a_pass_for_each_poll():
    person = polls.participant()
    for poll in (polls.opened(), polls.opened()):
        assert answer(poll, person) == "pass"


def bad_messages(n, k):
    return {
        "empty": b"",
        "zero": bytes(k),
        "the modulus": n.to_bytes(k, "big"),
        "above the modulus": b"\xff" * k,
        "a byte short": b"\1" * (k - 1),
        "a byte long": b"\0" + b"\1" * k,
        "very long": b"\1" * 1_025,
    }


def test_a_message_that_is_none_is_refused_and_nothing_kept():
    poll = polls.opened()
    manifest = polls.manifest_of(poll)
    for what, blinded in bad_messages(manifest.n, manifest.k).items():
        with pytest.raises(Refusal) as refusal:
            issue_pass(poll=poll, person=polls.participant(), blinded=blinded)
        assert refusal.value.code == "blinded-message", what
    assert Pass.objects.count() == 0


def test_a_pass_is_nobodys_news():
    poll = polls.opened()
    before = Entry.objects.count()
    polls.voter(poll)
    assert Entry.objects.count() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_a_person_who_asks_from_everywhere_at_once_gets_one_pass(at_once):
    poll, person = polls.opened(), polls.participant()
    voters = [polls.voter_without_pass(poll) for _ in range(4)]

    def ask(number):
        blinded = voters[number % 4].blinded
        return issue_pass(poll=poll, person=person, blinded=blinded)

    answers = at_once(ask, 24)
    signed = [each for each in answers if isinstance(each, bytes)]
    refused = [each.code for each in answers if isinstance(each, DomainError)]
    assert len(set(signed)) == 1
    assert refused == ["pass-taken"] * 18
    assert Pass.objects.filter(poll=poll).count() == 1


def test_the_level_is_of_the_moment_in_which_the_account_is_held():
    """What was read of the person before may have changed meanwhile."""
    poll, resident = polls.opened(who="account"), areas.resident()
    before = Participant.of_account(resident)
    resident.claims.all().delete()
    assert answer(poll, before) == "pass"
    kept = Pass.objects.values_list("level", flat=True).get(resident=resident.pk)
    assert before.level(timezone.now()) > kept == Level.EMAIL
