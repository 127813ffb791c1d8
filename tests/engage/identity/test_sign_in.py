"""The way in: a code by e-mail, no password; the same answer whether or not an address is known."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.signing import CONFIRM, LOGIN, code, resident, signed_in
from tests.voting import polls

pytestmark = pytest.mark.django_db
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.S)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"')


def fill_in(client, page, **fields):
    """Send the page's own form, hidden fields and all, as a browser does; follow where it leads."""
    forms = [
        (action, dict(HIDDEN.findall(body)))
        for action, body in FORM.findall(page.content.decode())
        if all(f'name="{name}"' in body for name in fields)
    ]
    action, hidden = forms[0]
    return client.post(action, {**hidden, **fields}, follow=True)


def test_a_code_by_mail_is_the_way_in_and_leads_back():
    user, client = resident(), Client()
    poll = polls.opened(who="account")
    way = client.get(f"/polls/{poll.pk}/pass").json()["next"]
    asked = fill_in(client, client.get(way), login=user.email)
    assert mail.outbox[-1].to == [user.email]
    arrived = fill_in(client, asked, code=code())
    assert signed_in(client)
    assert arrived.redirect_chain[-1][0] == poll.get_absolute_url()
    assert client.get(f"/polls/{poll.pk}/pass").json()["state"] == "none"


@pytest.mark.adversary("C12")
def test_an_unknown_address_gets_the_same_answer():
    resident("ann@town.example")
    answers = []
    for address in ("ann@town.example", "nobody@town.example"):
        client = Client()
        answer = client.post(LOGIN, {"email": address}, follow=True)
        text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', "", answer.content.decode())
        answers.append((answer.status_code, answer.redirect_chain, text.replace(address, "")))
    assert answers[0] == answers[1]


def test_a_wrong_code_is_refused_and_a_few_of_them_end_it():
    user, client = resident(), Client()
    client.post(LOGIN, {"email": user.email})
    right = code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(4):
        client.post(CONFIRM, {"code": wrong})
        assert not signed_in(client)
    client.post(CONFIRM, {"code": right})
    assert not signed_in(client)


def test_a_code_works_once_and_in_its_own_browser():
    user, one, other = resident(), Client(), Client()
    one.post(LOGIN, {"email": user.email})
    first = code()
    other.post(CONFIRM, {"code": first})
    assert not signed_in(other)
    one.post(CONFIRM, {"code": first})
    assert signed_in(one)
    other.post(LOGIN, {"email": user.email})
    if code() != first:
        other.post(CONFIRM, {"code": first})
        assert not signed_in(other)


@pytest.mark.adversary("C14")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(target):
    user, client = resident(), Client()
    client.post(f"{LOGIN}?next={target}", {"email": user.email, "next": target})
    answer = client.post(CONFIRM, {"code": code(), "next": target})
    assert signed_in(client)
    assert "evil" not in answer["Location"]


def test_a_participant_who_signs_in_is_the_account_from_then_on():
    user, client = resident(), Client()
    poll = polls.opened()
    client.get(f"/polls/{poll.pk}/")
    participant = client.session["participant"]
    client.post(LOGIN, {"email": user.email})
    client.post(CONFIRM, {"code": code()})
    assert signed_in(client)
    assert participant != str(user.pk)
    client.get(f"/polls/{poll.pk}/pass")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_out_takes_a_post():
    client = Client()
    client.force_login(resident())
    client.get("/accounts/logout/")
    assert signed_in(client)
    client.post("/accounts/logout/")
    assert not signed_in(client)
