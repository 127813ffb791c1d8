"""What an outside account is to somebody's account here: connected, proved, disconnected, fresh."""

import time
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.models import Claim, User
from engage.identity.participants import Participant
from tests.oidc_provider import identity_service
from tests.oidc_visitor import LOGIN, come_back, go, leave, sign_in, signed_in
from tests.signing import sign_in_afresh

pytestmark = pytest.mark.django_db
CONNECTIONS = "/accounts/3rdparty/"


def resident(mail="ann@town.example"):
    user = User.objects.create_user(mail)
    EmailAddress.objects.create(user=user, email=mail, verified=True, primary=True)
    return user


@pytest.fixture
def inside(client):
    """Somebody who has signed in by e-mail just now."""
    user = resident()
    sign_in_afresh(client, user)
    return user


@pytest.fixture
def national(service, settings):
    settings.OIDC = service.settings(level="national")
    service.person["birthdate"] = "1990-02-28"
    return service


# --- Connecting and disconnecting ---


def test_a_person_who_is_in_connects_and_comes_back_with_it(client, service, inside):
    answer = sign_in(client, process="connect")
    assert (answer.status_code, answer["Location"]) == (302, CONNECTIONS)
    account = SocialAccount.objects.get()
    assert account.user == inside
    other = Client()
    sign_in(other)
    assert other.session["_auth_user_id"] == str(inside.pk)


def test_connecting_takes_somebody_who_is_in(client, service):
    answer = client.post(LOGIN, {"process": "connect"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_connecting_takes_a_fresh_sign_in(client, service):
    sign_in_afresh(client, resident(), ago=3600)
    answer = client.post(LOGIN, {"process": "connect"})
    assert answer.status_code == 302
    assert "/accounts/reauthenticate" in answer["Location"]
    assert service.asked == []


@pytest.mark.adversary("C13")
def test_an_account_of_somebody_else_is_not_taken(client, service, inside):
    sign_in(Client())
    theirs = SocialAccount.objects.get().user
    service.faults.claims = lambda told: told | {"auth_time": 0}
    answer = sign_in(client, process="connect")
    assert answer.status_code == 302
    assert SocialAccount.objects.get().user == theirs
    assert client.session["_auth_user_id"] == str(inside.pk)


@pytest.mark.adversary("C13")
def test_an_address_does_not_change_by_connecting(client, service, inside):
    service.person |= {"email": "other@town.example", "email_verified": True}
    sign_in(client, process="connect")
    assert User.objects.get().email == "ann@town.example"
    assert EmailAddress.objects.get().email == "ann@town.example"


def disconnect(client):
    return client.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})


def test_it_can_be_disconnected_while_another_way_in_is_left(client, service, inside):
    sign_in(client, process="connect")
    assert disconnect(client).status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.adversary("C8")
def test_disconnecting_ends_all_other_sign_ins(client, service, inside):
    sign_in(client, process="connect")
    by_it = Client()
    sign_in(by_it)
    assert signed_in(by_it)
    disconnect(client)
    assert client.get("/you/").status_code == 200
    assert by_it.get("/you/").status_code == 302


def test_a_passkey_is_another_way_in(client, service):
    sign_in(client)
    user = User.objects.get()
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    sign_in_afresh(client, user, method="mfa")
    assert disconnect(client).status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("beside", ["nothing", "an unconfirmed address", "codes", "old service"])
def test_the_last_way_in_cannot_be_taken_away(client, service, beside):
    sign_in(client)
    user = User.objects.get()
    if beside == "an unconfirmed address":
        EmailAddress.objects.create(user=user, email="ann@town.example", verified=False)
    if beside == "codes":
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    if beside == "old service":
        SocialAccount.objects.create(user=user, provider="https://old.example", uid="x")
    sign_in_afresh(client, user, method="mfa")
    account = SocialAccount.objects.get(provider=service.issuer)
    answer = client.post(CONNECTIONS, {"account": account.pk})
    assert answer.status_code == 200
    assert "only way in" in answer.content.decode()
    assert SocialAccount.objects.filter(pk=account.pk).exists()


def test_nobody_disconnects_what_is_another_s(client, service, inside):
    sign_in(Client())
    assert disconnect(client).status_code == 200
    assert SocialAccount.objects.exists()


def test_an_account_at_a_service_that_the_town_left_can_be_seen_and_removed(client, inside):
    SocialAccount.objects.create(user=inside, provider="https://old.example", uid="x")
    page = client.get(CONNECTIONS)
    assert page.status_code == 200
    assert "old.example" in page.content.decode()
    assert disconnect(client).status_code == 302
    assert not SocialAccount.objects.exists()


# --- What it proves ---


def test_a_national_sign_in_proves_a_person_for_a_year(client, national):
    sign_in(client)
    claim = Claim.objects.get()
    assert (claim.level, claim.born_on) == (Level.NATIONAL, date(1990, 2, 28))
    assert claim.person == User.objects.get()
    assert claim.source == f"127.0.0.1:{national.port}"
    assert len(claim.subject) == 64
    assert timedelta(364) < claim.expires_at - timezone.now() < timedelta(366)
    assert Participant.of_account(claim.person).level(timezone.now()) == Level.NATIONAL


def test_each_sign_in_renews_it(client, national):
    sign_in(client)
    Claim.objects.update(
        made_at=timezone.now() - timedelta(400), expires_at=timezone.now() - timedelta(35)
    )
    sign_in(Client())
    assert Claim.objects.get().expires_at > timezone.now()


def test_a_date_of_birth_is_kept_only_where_it_counts(client, service):
    service.person["birthdate"] = "1990-02-28"
    sign_in(client)
    assert not Claim.objects.exists()


def test_a_national_service_is_asked_for_a_date_of_birth_and_no_more(client, national):
    assert "scope=openid+email+profile&" in leave(client)
    cache.clear()
    national.faults.metadata = lambda told: told | {"claims_parameter_supported": True}
    there = leave(client)
    assert "scope=openid+email&" in there
    assert "birthdate" in there


def test_connecting_proves_it_too(client, national, inside):
    sign_in(client, process="connect")
    assert Claim.objects.get().person == inside


@pytest.mark.adversary("C13")
def test_one_person_is_proved_in_one_account(client, national, inside):
    """Disconnecting and coming as somebody new does not make a second person of anybody."""
    sign_in(client, process="connect")
    disconnect(client)
    other = Client()
    answer = sign_in(other)
    assert signed_in(other)
    assert Claim.objects.get().person == inside
    page = other.get(answer["Location"]).content.decode()
    assert "already confirmed here in another account" in page
    assert "ann@" not in page


@pytest.mark.adversary("C6")
def test_a_second_factor_comes_before_anything_counts(client, national):
    """Whoever proves an identity but not the second factor is not in, and nothing is renewed."""
    sign_in(client)
    user = User.objects.get()
    Claim.objects.all().delete()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    again = Client()
    answer = sign_in(again)
    assert "authenticate" in answer["Location"]
    assert not signed_in(again)
    assert not Claim.objects.exists()
    counter = next(iter(yield_hotp_counters_from_time()))
    again.post(answer["Location"], {"code": format_hotp_value(hotp_value(secret, counter))})
    assert signed_in(again)
    assert Claim.objects.get().born_on == date(1990, 2, 28)


# --- A fresh sign-in for whoever has nothing else ---


@pytest.fixture
def stale(client, service):
    """Somebody with nothing but an account at the service, who signed in an hour ago."""
    sign_in(client)
    user = User.objects.get()
    sign_in_afresh(client, user, method="socialaccount", ago=3600)
    return user


@pytest.mark.adversary("C13")
@pytest.mark.parametrize(("told", "status"), [({}, 302), ({"auth_time": 0}, 302), (None, 200)])
def test_a_sign_in_is_fresh_only_if_the_service_says_so(client, service, told, status):
    """At a browser left open, its cookie there must not open what asks for a fresh sign-in."""
    now = {"auth_time": time.time()}
    service.faults.claims = lambda claims: claims | (now if told is None else told)
    sign_in(client)
    assert signed_in(client)
    assert client.get(CONNECTIONS).status_code == status


def test_who_has_nothing_else_shows_again_at_the_service_who_they_are(client, service, stale):
    asked = client.get(CONNECTIONS)
    assert asked.status_code == 302
    assert asked["Location"] == f"/accounts/oidc/fresh/?next={CONNECTIONS.replace('/', '%2F')}"
    assert client.get(asked["Location"]).status_code == 200
    there = client.post(asked["Location"]).context["there"]
    assert "prompt=login" in there and "max_age=0" in there
    answer = come_back(client, go(there))
    answer = client.get(answer["Location"])
    assert answer["Location"] == CONNECTIONS
    assert client.get(CONNECTIONS).status_code == 200
    assert client.session["_auth_user_id"] == str(stale.pk)


@pytest.mark.adversary("C13")
def test_somebody_else_at_the_service_is_not_them(client, service, stale):
    service.person["sub"] = "bob-0002"
    answer = come_back(client, go(client.post("/accounts/oidc/fresh/").context["there"]))
    assert answer.status_code == 403
    assert client.get(CONNECTIONS).status_code == 302
    assert client.session["_auth_user_id"] == str(stale.pk)
    assert User.objects.count() == 1


@pytest.mark.adversary("C13")
@pytest.mark.parametrize("told", [None, "now", 0, True, "absent"])
def test_a_session_that_was_open_there_is_not_enough(client, service, stale, told):
    told = {} if told == "absent" else {"auth_time": told}
    service.faults.claims = lambda claims: without(claims, "auth_time") | told
    answer = come_back(client, go(client.post("/accounts/oidc/fresh/").context["there"]))
    assert answer.status_code == 403
    assert client.get(CONNECTIONS).status_code == 302


def test_without_an_outside_account_there_is_no_such_way(client, service):
    assert client.get("/accounts/oidc/fresh/").status_code == 302
    sign_in_afresh(client, resident(), ago=3600)
    assert client.get("/accounts/oidc/fresh/").status_code == 404


def test_another_service_of_the_town_is_another_account(client, service, settings, inside):
    sign_in(client, process="connect")
    with identity_service() as other:
        settings.OIDC = other.settings()
        sign_in_afresh(client, inside, ago=3600)
        assert client.get("/accounts/oidc/fresh/").status_code == 404


def without(told, name):
    return {each: value for each, value in told.items() if each != name}
