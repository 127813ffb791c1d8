"""Nobody is taken for somebody else: not by a planted session, half a sign-in or a look-alike."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from engage.identity.domain.roles import Role
from engage.identity.models import RoleGrant, User
from engage.identity.services.trusting import give_role
from tests.engage.identity.test_passkeys import asked, sign_in, with_passkey
from tests.passkey import Passkey
from tests.signing import (
    CONFIRM,
    HOW,
    LOGIN,
    SIGNUP,
    VERIFY,
    ask,
    code,
    entered,
    resident,
    sign_in_afresh,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.mark.adversary("C1")
def test_the_session_is_another_after_signing_in_and_dead_after_signing_out():
    resident()
    client = Client()
    right = ask(client)
    before = client.session.session_key
    client.post(CONFIRM, {"code": right})
    during = client.session.session_key
    assert during != before
    assert not Session.objects.filter(pk=before).exists()
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = during
    assert thief.get("/you/").status_code == 302


@pytest.mark.adversary("C1")
def test_a_planted_session_does_not_become_the_victims():
    resident()
    thief, victim = Client(), Client()
    thief.get(f"{HOW}webauthn/login/", headers={"accept": "application/json"})
    for planted in (thief.session.session_key, "a" * 32):
        victim.cookies["sessionid"] = planted
        victim.post(CONFIRM, {"code": ask(victim)})
        assert signed_in(victim)
        assert victim.session.session_key != planted
        thief.cookies["sessionid"] = planted
        assert thief.get("/you/").status_code == 302
        victim.post("/accounts/logout/")


@pytest.mark.adversary("C1")
def test_a_role_taken_back_counts_at_the_very_next_request():
    user, client = resident(), Client()
    grant = RoleGrant.objects.create(person=user, role=Role.ORGANISER, area=None)
    client.force_login(user)
    assert client.get("/polls/new/").status_code == 200
    grant.delete()
    assert client.get("/polls/new/").status_code == 403


@pytest.mark.adversary("C1")
def test_no_session_from_before_has_a_new_role():
    """And a role that is given again ends nothing."""
    user, giver = resident(), resident("giver@town.example")
    RoleGrant.objects.create(person=giver, role=Role.ADMINISTRATOR, area=None)
    more = {"person": user, "role": Role.ORGANISER, "area": None, "by": giver}
    before = entered()
    give_role(**more)
    assert before.get("/polls/new/").status_code == 302
    after = entered()
    assert after.get("/polls/new/").status_code == 200
    give_role(**more)
    assert after.get("/polls/new/").status_code == 200


@pytest.mark.adversary("C6")
def test_half_a_sign_in_of_one_helps_no_other():
    ann, passkey = with_passkey("ann@town.example")
    bo, _passkey = with_passkey("bo@town.example")
    client = Client()
    client.post(CONFIRM, {"code": ask(client, ann.email)})
    page = client.get(f"{HOW}authenticate/")
    client.post("/accounts/logout/")
    client.post(CONFIRM, {"code": ask(client, bo.email)})
    client.post(f"{HOW}authenticate/", {"credential": passkey.get(asked(page))})
    assert not signed_in(client), "the passkey is ann's"
    records = client.session.get("account_authentication_methods", [])
    assert {record.get("email") for record in records} <= {bo.email}


@pytest.mark.adversary("C6")
def test_a_fresh_sign_in_of_one_is_none_of_the_next_in_the_same_browser():
    ann, bo, client = resident(), resident("bo@town.example"), Client()
    sign_in_afresh(client, ann)
    client.force_login(bo)
    assert client.get(f"{HOW}webauthn/add/").status_code == 302


TWINS = [
    "аdmin@town.example", "admіn@town.example", "ádmin@town.example", "adm1n@town.example",
    "ａdmin@town.example", "admin\u200b@town.example", "admin\u00ad@town.example",
    "admin@tоwn.example", "admin@town\u3002example", "admin@town.example\u202e",
    "ADMIN@TOWN.EXAMPLE",
    "admin @town.example", "admin@town.example.", "ⓐdmin@town.example", "admın@town.example",
]  # fmt: skip


@pytest.mark.adversary("C7")
@pytest.mark.parametrize("twin", TWINS, ids=ascii)
def test_a_look_alike_is_another_person_or_refused(twin):
    admin = resident("admin@town.example")
    client = Client()
    client.post(SIGNUP, {"email": twin})
    if mail.outbox and re.search(r"\b\d{6}\b", mail.outbox[-1].body):
        client.post(VERIFY, {"code": code()})
    assert signed_in(client) != str(admin.pk)
    login = Client()
    login.post(LOGIN, {"email": twin})
    told = mail.outbox[-1] if mail.outbox else None
    if told and admin.email in told.to:
        assert twin.lower().strip() == admin.email, "only capitals are the same address"
    assert User.objects.filter(email__iexact="admin@town.example").count() == 1


@pytest.mark.adversary("C8")
def test_a_disabled_account_is_out_everywhere_at_once_and_stays_out():
    user, passkey = with_passkey()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    User.objects.update(is_active=False)
    for client in clients:
        assert client.get("/you/").status_code == 302
    again = Client()
    sign_in(again, passkey)
    assert not signed_in(again)
    again.post(LOGIN, {"email": user.email})
    assert not re.search(r"\b\d{6}\b", mail.outbox[-1].body)


@pytest.mark.adversary("C8")
def test_a_new_address_ends_all_other_sign_ins_and_the_old_address_is_told():
    user = resident()
    here, there = Client(), Client()
    sign_in_afresh(here, user)
    there.force_login(user)
    here.post("/accounts/email/", {"email": "new@town.example", "action_add": ""})
    here.post(VERIFY, {"code": code()})
    assert EmailAddress.objects.get(user=user).email == "new@town.example"
    assert here.get("/you/").status_code == 200
    assert there.get("/you/").status_code == 302
    assert mail.outbox[-1].to == ["ann@town.example"]
    assert not re.search(r"\b\d{6}\b", mail.outbox[-1].body)


def test_a_passkey_of_another_town_is_no_use():
    user, _passkey = with_passkey()
    stranger = Passkey()
    stranger.user = str(user.pk).encode()
    client = Client()
    sign_in(client, stranger)
    assert not signed_in(client)
