"""A fresh sign-in: asked after five minutes, by the strongest way there is, and then led back."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from engage import urls as town
from engage.identity.domain.devices import device
from engage.identity.freshness import fresh_sign_in
from tests.engage.identity.test_passkeys import asked, with_passkey
from tests.signing import FRESH, HOW, LOGIN, code, entered, resident, sign_in_afresh, signed_in

pytestmark = pytest.mark.django_db
SESSIONS = "/accounts/sessions/"


@fresh_sign_in
def download(request):
    return HttpResponse(f"{request.method} {request.POST.get('what', '')}")


urlpatterns = [path("download/", download), *town.urlpatterns]


@pytest.fixture(autouse=True)
def with_a_download(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(
    ("method", "second_factor", "ago", "opens"),
    [
        ("code", False, 0, True),
        ("code", False, 299, True),
        ("code", False, 301, False),
        ("socialaccount", False, 0, False),
        ("code", True, 0, False),
        ("mfa", True, 0, True),
        ("mfa", True, 301, False),
    ],
)
def test_five_minutes_and_the_second_factor_of_whoever_has_one(method, second_factor, ago, opens):
    user, client = resident(), Client()
    if second_factor:
        Authenticator.objects.create(user=user, type="totp", data={})
    sign_in_afresh(client, user, method, ago)
    assert (client.get("/download/").status_code == 200) is opens


def test_a_stranger_signs_in_first_and_comes_back():
    assert Client().get("/download/")["Location"] == "/accounts/login/?next=/download/"


def test_a_code_by_mail_makes_it_fresh_and_leads_back():
    user, client = resident(), Client()
    sign_in_afresh(client, user, ago=301)
    way = client.get("/download/")["Location"]
    assert mail.outbox == [], "looking sends nothing"
    page = client.post(way, {"next": "/download/"})
    assert "A code is on its way" in page.content.decode()
    wrong = client.post(FRESH, {"code": "x", "next": "/download/"})
    assert wrong.status_code == 200
    assert client.get("/download/").status_code == 302
    done = client.post(FRESH, {"code": code(), "next": "/download/"})
    assert done["Location"] == "/download/"
    assert client.get("/download/").status_code == 200


@pytest.mark.parametrize("why", ["too many", "no mail"])
def test_a_code_that_could_not_be_sent_leaves_the_one_before_it(settings, why):
    user, client = resident(), Client()
    sign_in_afresh(client, user, ago=301)
    settings.RATELIMIT_ENABLE = why == "too many"
    cache.clear()
    statuses = [client.post(FRESH).status_code for _ in range(6)]
    if why == "no mail":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    statuses.append(client.post(FRESH).status_code)
    assert statuses == [200] * 6 + [429 if why == "too many" else 503]
    client.post(FRESH, {"code": code()})
    cache.clear()
    assert client.get("/download/").status_code == 200


def test_what_was_sent_is_done_afterwards_and_once():
    user, client = resident(), Client()
    sign_in_afresh(client, user, ago=301)
    client.post(
        client.post("/download/", {"what": "all of it"})["Location"], {"next": "/download/"}
    )
    done = client.post(FRESH, {"code": code(), "next": "/download/"})
    assert done.content == b"POST all of it"
    assert client.get("/download/").content == b"GET "


@pytest.mark.parametrize("method", ["code", "socialaccount"])
def test_a_mailbox_alone_never_takes_a_passkey_away(method):
    user, passkey = with_passkey()
    client, key = Client(), user.authenticator_set.get(type="webauthn")
    remove = f"{HOW}webauthn/keys/{key.pk}/remove/"
    sign_in_afresh(client, user, ago=301)
    client.post(remove)
    client.post(FRESH, {"next": remove})
    assert mail.outbox == [] or "passkey was" in mail.outbox[-1].body, "no code is sent"
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    client.post(remove)
    assert user.authenticator_set.filter(pk=key.pk).exists()
    way = client.get(remove)["Location"]
    page = client.get(way)
    client.post(way, {"credential": passkey.get(asked(page)), "next": remove})
    client.post(remove)
    assert not user.authenticator_set.filter(pk=key.pk).exists()


def test_whoever_has_no_address_is_told_the_way():
    user, client = resident(), Client()
    user.emailaddress_set.all().delete()
    user.email = None
    user.save()
    sign_in_afresh(client, user, ago=301)
    page = client.post(FRESH).content.decode()
    assert "Sign out and in again" in page
    assert mail.outbox == []


def test_a_code_of_one_account_is_none_of_anothers():
    ann, bo = resident(), resident("bo@town.example")
    client = Client()
    sign_in_afresh(client, ann, ago=301)
    client.post(FRESH)
    right = code()
    other = Client()
    sign_in_afresh(other, bo, ago=301)
    assert other.post(FRESH, {"code": right}).status_code == 200
    assert other.get("/download/").status_code == 302


@pytest.mark.parametrize("name", ["email/", "2fa/webauthn/add/", "2fa/totp/activate/"])
def test_keys_change_after_a_fresh_sign_in_only(name):
    user, client = resident(), Client()
    sign_in_afresh(client, user, ago=301)
    for method in (client.get, client.post):
        assert method(f"/accounts/{name}")["Location"].startswith(FRESH)


# Where somebody is signed in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", ""),
        ("", ""),
        ("<script>" * 500, ""),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_few_words(said, shown):
    assert device(said) == shown


def test_a_sign_in_keeps_no_address_and_no_version():
    resident()
    client = Client(REMOTE_ADDR="2001:db8:1:2:3::4", headers={"user-agent": FIREFOX})
    client.post(LOGIN, {"email": "ann@town.example"})
    client.post("/accounts/login/code/confirm/", {"code": code()})
    row = UserSession.objects.get()
    assert (row.ip, row.user_agent, row.data) == ("::", "Firefox, Linux", {})


def test_one_sign_in_is_ended_and_the_others_stay():
    resident()
    here, there, third = entered(), entered(), entered()
    number = UserSession.objects.get(session_key=there.session.session_key).pk
    here.post(SESSIONS, {"session": number})
    assert signed_in(here) and signed_in(third)
    assert there.get("/you/").status_code == 302


def test_nobody_ends_a_sign_in_of_another():
    resident()
    resident("bo@town.example")
    ann, bo = entered(), entered("bo@town.example")
    number = UserSession.objects.get(session_key=ann.session.session_key).pk
    there = entered("bo@town.example")
    for said in (number, -1, 10**30, "9" * 5_000, "1 or 1", "²", ""):
        assert bo.post(SESSIONS, {"session": said}).status_code == 302
    assert ann.get("/you/").status_code == there.get("/you/").status_code == 200


def test_all_others_end_also_those_on_no_list():
    user = resident()
    here, listed, forced = entered(), entered(), Client()
    forced.force_login(type(user).objects.get(pk=user.pk))
    here.post(SESSIONS)
    assert here.get("/you/").status_code == 200
    assert listed.get("/you/").status_code == forced.get("/you/").status_code == 302
    page = here.get(SESSIONS).content.decode()
    assert len(re.findall("this one", page)) == 1


@pytest.mark.parametrize("others", [1, 3])
def test_the_list_asks_the_same_number_of_questions(others, django_assert_num_queries):
    resident()
    here = entered()
    for _ in range(others):
        entered()
    here.get(SESSIONS)
    with django_assert_num_queries(5):
        text = here.get(SESSIONS).content.decode()
    assert text.count("Sign out there:") == others


def test_the_hub_leads_to_every_way_of_signing_in():
    client = Client()
    sign_in_afresh(client, resident())
    text = client.get("/you/").content.decode()
    for place in ("/accounts/email/", HOW, SESSIONS):
        assert f'href="{place}"' in text
