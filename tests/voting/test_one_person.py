"""One person, one pass, whatever becomes of an account while it asks for one."""

from contextlib import suppress

import pytest

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.participants import Participant
from engage.identity.services.claiming import record_claim, withdraw_claim
from engage.identity.services.erasing import erase_account
from engage.identity.services.joining import join_accounts
from tests.voting import areas, polls
from voting.models import Pass
from voting.services.passing import issue_pass

pytestmark = pytest.mark.django_db
PAPERS = "a" * 64


def proved(person, subject=PAPERS):
    record_claim(
        person=person, level=Level.IN_PERSON, source="desk", area=areas.area(), subject=subject
    )
    return person


def collect(poll, whose):
    issue_pass(poll=poll, person=whose, blinded=polls.voter_without_pass(poll).blinded)


# What may happen to an account between being read and being given its pass.
MEANWHILE = {
    "erased": (lambda person: erase_account(person=person, keep_texts=False), "sign-in"),
    "joined": (lambda person: join_accounts(old=person, into=polls.person()), "sign-in"),
    "unproved": (
        lambda person: withdraw_claim(person=person, level=Level.IN_PERSON), "not-eligible",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", MEANWHILE)
@pytest.mark.adversary("A1")
def test_an_account_that_changes_in_this_very_moment_gets_no_pass(way):
    change, code = MEANWHILE[way]
    poll = polls.opened(who="residents", area=areas.area(), level=Level.IN_PERSON)
    person = polls.User.objects.create_user(None)
    as_read = Participant.of_account(proved(person))
    change(person)
    with pytest.raises(DomainError) as refusal:
        collect(poll, as_read)
    assert refusal.value.code == code
    assert not Pass.objects.exists()


def test_a_pass_for_everyone_is_not_given_to_an_account_that_is_gone():
    poll, person = polls.opened(), polls.person()
    as_read = Participant.of_account(person)
    erase_account(person=person, keep_texts=False)
    with pytest.raises(DomainError, match="Open the poll"):
        collect(poll, as_read)
    assert not Pass.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_asking_while_one_erases_oneself_leaves_no_pass_that_nobody_has_spent(at_once):
    poll, person = polls.opened(who="account"), polls.person()
    mail = person.email
    as_read, blinded = Participant.of_account(person), polls.voter_without_pass(poll).blinded

    def act(number):
        if number == 2:
            return erase_account(person=person, keep_texts=False)
        return issue_pass(poll=poll, person=as_read, blinded=blinded)

    at_once(act, 4)
    again = polls.person()
    again.emailaddress_set.update(email=mail)
    given = Pass.objects.count()
    with suppress(DomainError):
        collect(poll, Participant.of_account(again))
    assert (given, Pass.objects.count()) in ((0, 1), (1, 1))
