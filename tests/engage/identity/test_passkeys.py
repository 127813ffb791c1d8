"""Passkeys: made, used, renamed and removed; the device keeps the key, we a public one."""

import json
import re
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.passkey import Passkey
from tests.signing import code, resident, sign_in_afresh, signed_in

pytestmark = pytest.mark.django_db
SIGNUP, MAKE = "/accounts/signup/passkey/", "/accounts/2fa/webauthn/signup/"
ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
CODES = "/accounts/2fa/recovery-codes/"
DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def asked(page):
    """What the page lets the browser ask of the device."""
    return next(iter(json.loads(DATA.search(page.content.decode())[1]).values()))


def add(client, **device):
    passkey = Passkey(**device)
    made = passkey.create(asked(client.get(ADD)))
    return passkey, client.post(ADD, {"name": "Phone", "passwordless": "on", "credential": made})


def with_passkey(address="ann@town.example"):
    user, client = resident(address), Client()
    sign_in_afresh(client, user)
    return user, add(client)[0]


def sign_in(client, passkey, **more):
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    return client.post(LOGIN, {"credential": passkey.get(options), **more}, follow=True)


def sign_up(client, address="ann@town.example"):
    client.post(SIGNUP, {"email": address})
    return client.post("/accounts/confirm-email/", {"code": code()}, follow=True)


def test_an_account_is_made_with_a_passkey_and_opened_by_it():
    client, passkey = Client(), Passkey()
    page = sign_up(client)
    assert page.redirect_chain[-1][0] == MAKE
    assert "stays on your device" in page.content.decode()
    made = client.post(MAKE, {"name": "", "credential": passkey.create(asked(page))}, follow=True)
    assert signed_in(client)
    assert made.redirect_chain[-1][0] == CODES, "a lost device must not lock anybody out"
    kinds = Authenticator.objects.values_list("type", flat=True)
    assert set(kinds) == {"webauthn", "recovery_codes"}
    another = Client()
    sign_in(another, passkey)
    assert signed_in(another) == signed_in(client)


def test_whoever_finds_no_passkey_goes_on_without_one():
    client = Client()
    sign_up(client)
    client.post("/accounts/signup/passkey/skip/")
    assert signed_in(client)
    assert not Authenticator.objects.exists()


def test_nothing_of_face_or_finger_is_stored_but_a_public_key():
    _user, passkey = with_passkey()
    stored = json.dumps(Authenticator.objects.get(type="webauthn").data)
    private = passkey.key.private_numbers().private_value.to_bytes(32)
    assert private.hex() not in stored
    assert passkey.number.hex() not in stored.replace("-", "")


def test_a_passkey_makes_the_mail_code_ask_for_it():
    user, passkey = with_passkey()
    client = Client()
    client.post("/accounts/login/code/", {"email": user.email})
    page = client.post("/accounts/login/code/confirm/", {"code": code()}, follow=True)
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"credential": passkey.get(asked(page))})
    assert signed_in(client) == str(user.pk)


def test_a_recovery_code_opens_the_account_once():
    user, _passkey = with_passkey()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for opened in (True, False):
        client = Client()
        client.post("/accounts/login/code/", {"email": user.email})
        client.post("/accounts/login/code/confirm/", {"code": code()})
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert bool(signed_in(client)) is opened


def test_adding_takes_a_fresh_sign_in_also_without_any_second_factor():
    user, client = resident(), Client()
    sign_in_afresh(client, user, ago=301)
    answer = client.get(ADD)
    assert answer["Location"] == f"/accounts/reauthenticate/code/?next={quote(ADD, safe='')}"


def test_a_passkey_is_renamed_and_removed_by_its_owner_only():
    user, client = resident(), Client()
    sign_in_afresh(client, user)
    add(client)
    key = Authenticator.objects.get(type="webauthn")
    other = Client()
    sign_in_afresh(other, resident("bo@town.example"))
    for deed in ("edit", "remove"):
        assert other.post(f"/accounts/2fa/webauthn/keys/{key.pk}/{deed}/").status_code == 404
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in client.get("/accounts/2fa/webauthn/").content.decode()
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(user=user).exists()


@pytest.mark.parametrize("device", [{"verified": False}])
def test_a_device_that_asked_for_nothing_is_not_enough(device):
    user, client = resident(), Client()
    sign_in_afresh(client, user)
    _passkey, answer = add(client, **device)
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_in_production_a_passkey_works_at_the_towns_own_address_only(settings):
    settings.SITE_ORIGIN = "https://town.example"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    user, client = resident(), Client()
    sign_in_afresh(client, user)
    assert add(client, origin="https://evil.example")[1].status_code == 200
    assert add(client, origin="http://town.example")[1].status_code == 200
    assert not Authenticator.objects.exists()
    assert add(client, origin="https://town.example")[1].status_code == 302


def test_a_challenge_is_answered_once():
    _user, passkey = with_passkey()
    client = Client()
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    answer = passkey.get(options)
    other = Client()
    other.post(LOGIN, {"credential": answer})
    assert not signed_in(other), "made for another session"
    client.post(LOGIN, {"credential": answer})
    client.post("/accounts/logout/")
    client.post(LOGIN, {"credential": answer})
    assert not signed_in(client)


@pytest.mark.parametrize("said", ["{}", "[]", "null", '"x"', "{", '{"response": {}}'])
def test_nonsense_signs_nobody_in_and_breaks_nothing(said):
    client = Client()
    client.get(LOGIN, headers={"accept": "application/json"})
    assert client.post(LOGIN, {"credential": said}).status_code in (200, 302)
    assert not signed_in(client)


@pytest.mark.parametrize("keys", [1, 3])
def test_the_list_of_passkeys_asks_the_same_number_of_questions(keys, django_assert_num_queries):
    user, client = resident(), Client()
    sign_in_afresh(client, user)
    for _ in range(keys):
        add(client)
    for page, queries in (("/accounts/2fa/webauthn/", 4), ("/accounts/2fa/", 5)):
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)


def broken(answer):
    """What no browser sends: ``answer`` with each of its parts in turn gone, or something else."""
    yield from (json.dumps(odd) for odd in (0, False, 1.5, "x", [], ["x"], {"id": 1}))
    whole = json.loads(answer)
    for held in (whole, whole["response"]):
        for part in list(held):
            right = held.pop(part)
            yield json.dumps(whole)
            for odd in (None, 0, "", "é", "AAAA", [1], {"a": 1}):
                held[part] = odd
                yield json.dumps(whole)
            held[part] = right


@pytest.mark.adversary("F10")
def test_what_no_browser_sends_is_no_passkey_and_no_error():
    user, passkey = with_passkey()
    client = Client()
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    for odd in broken(passkey.get(options)):
        assert client.post(LOGIN, {"credential": odd}).status_code == 302
    sign_in_afresh(client, user, "mfa")
    for number in range(len([*broken(Passkey().create(asked(client.get(ADD))))])):
        odd = [*broken(Passkey().create(asked(client.get(ADD))))][number]
        client.post(ADD, {"credential": odd})
    for kept in Authenticator.objects.filter(type="webauthn"):
        assert kept.wrap().authenticator_data.credential_data.public_key
    assert client.get(ADD).status_code == 200, "whoever tried it is not locked out"
