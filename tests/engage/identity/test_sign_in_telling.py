"""Mails carry no key, and nobody is told who has an account."""

import re
import sys
import time
from collections import Counter
from itertools import count
from statistics import median

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.signing import (
    CONFIRM,
    ENTRANCE,
    LOGIN,
    SIGNUP,
    VERIFY,
    ask,
    code,
    resident,
    sign_in_afresh,
    signed_in,
)

pytestmark = pytest.mark.django_db
TIMES = 150


def links():
    return re.findall(r"https?://\S+", "\n".join(letter.body for letter in mail.outbox))


def every_mail():
    """Each mail of the entrance once: codes, unknown, known already, told of a change."""
    resident()
    for address in ("ann@town.example", "nobody@town.example"):
        for start in (LOGIN, SIGNUP):
            Client().post(start, {"email": address})


@pytest.mark.adversary("C10")
def test_no_mail_carries_a_key_in_an_address():
    every_mail()
    assert set(links()) <= {"http://testserver/accounts/signup/"}


@pytest.mark.adversary("C10")
@pytest.mark.parametrize("path", [
    "confirm-email/MQ:1abc:def/", "confirm-email/%91/", "password/reset/key/1-set-password/",
    "password/reset/key/zz-%91/", "password/reset/", "password/set/", "password/change/",
])  # fmt: skip
@pytest.mark.parametrize("inside", [False, True])
def test_there_is_no_address_that_a_key_would_open(path, inside):
    client, user = Client(), resident()
    if inside:
        sign_in_afresh(client, user)
    assert client.get(f"/accounts/{path}").status_code == 404
    client.post(f"/accounts/{path}", {"password1": "x" * 20, "password2": "x" * 20})
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.adversary("C11")
def test_a_scanner_that_looks_first_leaves_the_code_working():
    resident()
    client = Client()
    right = ask(client)
    for scanner in (Client(), client):
        for path in [*links(), LOGIN, CONFIRM, ENTRANCE, VERIFY, f"{CONFIRM}?code={right}"]:
            for method in (scanner.get, scanner.head, scanner.get):
                assert method(path).status_code in (200, 302)
    assert not signed_in(client)
    client.post(CONFIRM, {"code": right})
    assert signed_in(client)


RANDOM = {"Set-Cookie", "Content-Length", "Expires", "Last-Modified"}  # texts are compared


def seen(client, path, address, **more):
    """All that a stranger sees of the answer and of where it leads, without what is random."""
    steps = []
    answer = client.post(path, {"email": address, "login": address, **more})
    for _ in range(3):
        text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', "", answer.content.decode())
        heads = {k: v for k, v in answer.headers.items() if k not in RANDOM}
        cookies = {name: bool(kept.value) for name, kept in answer.cookies.items()}
        steps.append((answer.status_code, text.replace(address, ""), heads, cookies))
        if answer.status_code != 302:
            break
        answer = client.get(answer["Location"])
    return steps


@pytest.mark.adversary("C12")
@pytest.mark.parametrize("path", [ENTRANCE, LOGIN, SIGNUP, "/accounts/signup/passkey/"])
def test_known_and_unknown_addresses_look_the_same(path):
    resident("ann@town.example")
    resident("off@town.example", is_active=False)
    known = seen(Client(), path, "ann@town.example")
    assert seen(Client(), path, "not@town.example") == known
    assert seen(Client(), path, "off@town.example") == known


@pytest.mark.adversary("C12")
@pytest.mark.parametrize(("start", "confirm"), [(LOGIN, CONFIRM), (SIGNUP, VERIFY)])
@pytest.mark.parametrize("deed", [{"code": "000000"}, {"action": "resend"}, {"code": ""}])
def test_wrong_codes_and_new_ones_look_the_same_for_both(start, confirm, deed):
    resident("ann@town.example")
    looks = []
    for address in ("ann@town.example", "not@town.example"):
        client = Client()
        client.post(start, {"email": address})
        looks.append([seen(client, confirm, address, **deed) for _ in range(2)])
    assert looks[0] == looks[1]


@pytest.mark.adversary("C12")
def test_a_wanted_new_address_does_not_tell_that_somebody_has_it():
    resident("bo@town.example")
    looks = []
    for number, wanted in enumerate(("bo@town.example", "no@town.example")):
        client, user = Client(), resident(f"ann{number}@town.example")
        sign_in_afresh(client, user)
        looks.append([
            (status, text.replace(user.email, ""), cookies)
            for status, text, _heads, cookies in seen(
                client, "/accounts/email/", wanted, action_add=""
            )
        ])  # fmt: skip
    assert looks[0] == looks[1]


@pytest.mark.adversary("C12")
@pytest.mark.parametrize("path", [LOGIN, SIGNUP])
def test_while_no_mail_can_be_sent_both_are_told_so_and_nothing_breaks(path, settings):
    resident("ann@town.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    looks = [seen(Client(), path, f"{who}@town.example") for who in ("ann", "not")]
    assert looks[0] == looks[1]
    told = Client().post(path, {"email": "ann@town.example"}, headers={"accept": "text/html"})
    assert told.status_code == 503
    assert "mail server does not answer" in told.content.decode()
    user, client = resident("bo@town.example"), Client()
    Authenticator.objects.create(user=user, type="totp", data={})
    sign_in_afresh(client, user, "mfa")
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302, "it is done"


def took(path, address):
    """Seconds until a stranger has the answer."""
    client = Client()
    begun = time.perf_counter()
    client.post(path, {"email": address})
    return time.perf_counter() - begun


def steps(path, address):
    """What a server does until then: how many calls, and which statements, without their values."""
    client, seen = Client(), count()
    with CaptureQueriesContext(connection) as asked:
        sys.setprofile(lambda *_event: next(seen))
        client.post(path, {"email": address})
        sys.setprofile(None)
    return next(seen), Counter(query["sql"].split()[0] for query in asked)


@pytest.mark.adversary("C12")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [LOGIN, SIGNUP])
def test_as_much_is_done_for_both(path):
    """Counted, so that it is the same on every machine; the words of two mails differ in length."""
    resident("ann@town.example")
    done = {True: [], False: []}
    for number in range(4):  # whatever is loaded once is not in the least of them
        done[True].append(steps(path, "ann@town.example"))
        done[False].append(steps(path, f"new{number}@town.example"))
    known, unknown = (min(calls for calls, _asked in each) for each in done.values())
    (_calls, asked), (_calls, asked_too) = (each[-1] for each in done.values())
    assert max(known, unknown) <= min(known, unknown) * 7 / 6
    assert asked.total() == asked_too.total()
    for statement in ("BEGIN", "COMMIT", "INSERT", "UPDATE"):
        assert asked[statement] == asked_too[statement]
    assert len({mail.outbox[-1].to[0], mail.outbox[-2].to[0]}) == 2, "each has a mail"


@pytest.mark.adversary("C12")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [LOGIN, SIGNUP])
def test_nobody_is_told_by_the_time_it_takes(path):
    """Asked in turn, the medians differ by less than a sixth: no hash, no wait for one alone."""
    resident("ann@town.example")
    for round in range(4):
        times = {True: [], False: []}
        for number in range(TIMES):
            pair = [("ann@town.example", True), (f"p{round}x{number}@town.example", False)]
            for address, known in pair[:: 1 - 2 * (number % 2)]:
                times[known].append(took(path, address))
        less, more = sorted(median(each) for each in times.values())
        if more <= less * 7 / 6:
            return
    raise AssertionError(f"{less * 1000:.2f} ms and {more * 1000:.2f} ms")


def aged(client, seconds):
    session = client.session
    state = session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    state["at"] -= seconds
    session.save()


@pytest.mark.adversary("C10")
@pytest.mark.parametrize(("seconds", "opens"), [(590, True), (601, False)])
def test_a_code_lasts_ten_minutes(seconds, opens):
    resident()
    client = Client()
    right = ask(client)
    aged(client, seconds)
    client.post(CONFIRM, {"code": right})
    assert bool(signed_in(client)) is opens


@pytest.mark.adversary("C10")
def test_a_newer_code_ends_the_older_one():
    resident()
    client = Client()
    older = ask(client)
    newer = older
    while newer == older:
        client.post(CONFIRM, {"action": "resend"})
        newer = code()
    client.post(CONFIRM, {"code": older})
    assert not signed_in(client)
    client.post(CONFIRM, {"code": newer})
    assert signed_in(client)


@pytest.mark.adversary("C10")
def test_a_code_of_another_kind_or_address_is_refused_in_the_same_words():
    resident()
    answers = []
    for address, start in (("bo@town.example", SIGNUP), ("cy@town.example", LOGIN)):
        client, other = Client(), Client()
        ask(client)
        other.post(start, {"email": address})
        found = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
        answer = client.post(CONFIRM, {"code": found[0] if found else "000000"})
        assert not signed_in(client)
        answers.append(re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', "", answer.content.decode()))
    assert re.sub(r'value="\d{6}"', "", answers[0]) == re.sub(r'value="\d{6}"', "", answers[1])
