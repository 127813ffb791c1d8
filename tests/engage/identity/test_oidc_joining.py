"""Two accounts of one person become one: both proved, both asked for, and nothing counts twice."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.models import Claim, RoleGrant, User
from engage.identity.services.joining import join_accounts
from tests.oidc_visitor import sign_in, signed_in
from tests.signing import sign_in_afresh
from tests.voting import polls
from voting.models import Pass

pytestmark = pytest.mark.django_db
JOIN = "/accounts/oidc/join/"


@pytest.fixture
def old(service, settings):
    """The account that somebody made by signing in at the service; they are signed in there too."""
    settings.OIDC = service.settings(level="national")
    browser = Client()
    sign_in(browser)
    user = User.objects.get()
    user.browser = browser
    return user


@pytest.fixture
def into(client, old):
    """The account with an address, of the same person; ``client`` is signed in to it."""
    user = User.objects.create_user("ann@town.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in_afresh(client, user)
    return user


def collected(person, poll):
    return Pass.objects.create(
        poll=poll, resident=person.pk, level=Level.NATIONAL, blinded_sha256=person.pk.bytes * 2
    )


def test_it_is_offered_and_done_when_the_person_says_so(client, service, old, into):
    page = sign_in(client, process="connect")
    assert page.status_code == 200
    assert "Put your two accounts together?" in page.content.decode()
    assert User.objects.filter(pk=old.pk).exists()
    assert client.post(JOIN).status_code == 302
    assert not User.objects.filter(pk=old.pk).exists()
    assert SocialAccount.objects.get().user == into
    assert Claim.objects.get().person == into
    again = Client()
    sign_in(again)
    assert again.session["_auth_user_id"] == str(into.pk)


@pytest.mark.adversary("C8")
def test_whoever_was_signed_in_to_the_other_one_is_out(client, service, old, into):
    sign_in(client, process="connect")
    client.post(JOIN)
    assert old.browser.get("/you/").status_code == 302


@pytest.mark.adversary("C13")
def test_an_open_session_at_the_service_is_not_enough(client, service, old, into):
    """On a shared computer somebody else may still be known there."""
    service.faults.claims = lambda told: told | {"auth_time": 0}
    sign_in(client, process="connect")
    assert client.post(JOIN).status_code == 410
    assert SocialAccount.objects.get().user == old


@pytest.mark.adversary("C13")
def test_nobody_joins_what_they_did_not_prove(client, service, old, into):
    assert client.post(JOIN).status_code == 410
    assert client.get(JOIN).status_code == 405
    sign_in(client, process="connect")
    session = client.session
    session["oidc_join"] |= {"by": str(old.pk)}
    session.save()
    assert client.post(JOIN).status_code == 410
    assert client.post(JOIN).status_code == 410
    assert User.objects.filter(pk=old.pk).exists()


def test_the_offer_ends_after_ten_minutes(client, service, old, into):
    sign_in(client, process="connect")
    session = client.session
    session["oidc_join"] |= {"at": session["oidc_join"]["at"] - 601}
    session.save()
    assert client.post(JOIN).status_code == 410


def test_an_identity_that_was_let_go_meanwhile_joins_nothing(client, service, old, into):
    sign_in(client, process="connect")
    SocialAccount.objects.all().delete()
    assert client.post(JOIN).status_code == 410
    assert User.objects.filter(pk=old.pk).exists()


def test_what_they_did_comes_over(old, into):
    poll = polls.opened()
    collected(old, poll)
    moved = join_accounts(old=old, into=into)
    assert (moved.moved, moved.stayed) == (1, 0)
    assert Pass.objects.get().resident == into.pk


@pytest.mark.adversary("C13")
def test_who_took_part_twice_in_one_thing_stays_two(old, into):
    poll = polls.opened()
    collected(old, poll)
    collected(into, poll)
    apart(old, into)
    assert Pass.objects.filter(resident=old.pk).count() == 1


def apart(old, into):
    before = list(Claim.objects.values_list("person", "level").order_by("pk"))
    with pytest.raises(DomainError) as refusal:
        join_accounts(old=old, into=into)
    assert refusal.value.code == "account.apart"
    assert list(Claim.objects.values_list("person", "level").order_by("pk")) == before
    assert SocialAccount.objects.get().user == old
    assert User.objects.filter(pk=old.pk).exists()


def test_two_who_were_proved_by_different_papers_are_two(old, into):
    Claim.objects.create(
        person=into, level=Level.NATIONAL, source="elsewhere", subject="f" * 64,
        expires_at=timezone.now() + timedelta(1),
    )  # fmt: skip
    apart(old, into)


@pytest.mark.parametrize("more", ["address", "passkey", "role", "operator"])
def test_an_account_with_ways_of_its_own_is_not_swallowed(old, into, more):
    if more == "address":
        EmailAddress.objects.create(user=old, email="b@town.example", verified=True, primary=True)
    if more == "passkey":
        Authenticator.objects.create(user=old, type=Authenticator.Type.WEBAUTHN, data={})
    if more == "role":
        RoleGrant.objects.create(person=old, role="auditor")
    if more == "operator":
        User.objects.filter(pk=old.pk).update(is_superuser=True)
        old.refresh_from_db()
    apart(old, into)


def test_nobody_is_joined_to_themselves(old):
    apart(old, old)


def test_a_refusal_says_why_and_leads_on(client, service, old, into):
    collected(old, poll := polls.opened())
    collected(into, poll)
    sign_in(client, process="connect")
    answer = client.post(JOIN, headers={"accept": "text/html"})
    assert answer.status_code == 403
    assert "cannot be put together here" in answer.content.decode()
    assert signed_in(client)
