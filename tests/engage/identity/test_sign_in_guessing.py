"""Codes are guessed so often and no oftener, and a flood shuts nobody out."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django_ratelimit import core

from engage.identity.models import User
from engage.web.limits import POLICIES, By, Policy
from tests.engage.identity.test_passkeys import sign_in, with_passkey
from tests.signing import (
    CONFIRM,
    FRESH,
    HOW,
    LOGIN,
    SIGNUP,
    VERIFY,
    ask,
    entered,
    resident,
    signed_in,
)

pytestmark = pytest.mark.django_db
N = 10  # tries at one account in ten minutes
NOON = 1_750_000_000


@pytest.fixture
def limits(settings, monkeypatch):
    """Limits as in production, with the clock stopped, so that no window ends while one counts."""
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: NOON))
    cache.clear()
    yield
    cache.clear()


def wrong(right):
    return f"{(int(right) + 1) % 1_000_000:06}"


def tried(answer):
    """Whether the code was looked at, rather than refused for too many tries."""
    return answer.status_code != 429


@pytest.mark.adversary("C2")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sessions", ["one", "many"])
def test_of_a_hundred_tries_at_once_ten_are_looked_at(limits, at_once, sessions):
    resident()
    first = Client()
    right = ask(first)
    state = {key: first.session[key] for key in ("account_login",)}
    browsers = [Client() for _ in range(100)]
    for browser in browsers:
        if sessions == "one":
            browser.cookies["sessionid"] = first.session.session_key
            continue
        session = browser.session
        session.update(state)
        session.save()
    answers = at_once(lambda n: browsers[n].post(CONFIRM, {"code": wrong(right)}), 100)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sum(map(tried, answers)) <= N
    assert not tried(first.post(CONFIRM, {"code": right})), "nor is the right one"


@pytest.mark.adversary("C4")
def test_sessions_endpoints_and_spellings_share_one_counter(limits):
    user = resident()
    inside = entered()
    session = inside.session
    session["fresh_code"] = {"code": "111111", "at": 9e9}
    session.save()
    spellings = ["ann@town.example", "Ann@Town.Example", " ann@town.example ", "ANN@TOWN.EXAMPLE"]
    spent = 1
    for spelling in spellings:  # a new session and another spelling each time
        client = Client()
        client.post(LOGIN, {"email": spelling})
        assert tried(client.post(CONFIRM, {"code": "000000"}))
        spent += 1
    client = Client()
    client.post(SIGNUP, {"email": user.email})  # another endpoint: it only seems to make one
    assert tried(client.post(VERIFY, {"code": "000000"}))
    for said in (" 123456", "１２３４５６", "123-456", "12 34 56"):
        if spent + 1 < N:
            assert tried(inside.post(FRESH, {"code": said}))
            spent += 1
    assert spent + 1 == N
    assert not tried(inside.post(FRESH, {"code": "111111"})), "the right one, too late"
    for endpoint, start in ((CONFIRM, LOGIN), (VERIFY, SIGNUP)):
        client = Client()
        cache_key = client.post(start, {"email": "ａnn@town.example"})
        assert cache_key.status_code in (200, 302, 429)
        assert client.post(endpoint, {"code": "000000"}).status_code in (302, 429)


@pytest.mark.adversary("C4")
@pytest.mark.parametrize("spelt", ["{0}", " {0}", "{0} ", "\t{0}\n", "{1}-{2}", "{1} {2}"])
def test_a_code_is_the_same_however_it_is_spaced_and_works_once(spelt):
    resident()
    client, copy = Client(), Client()
    right = ask(client)
    copy.cookies["sessionid"] = client.session.session_key
    session = copy.session
    state = dict(session.items())
    client.post(CONFIRM, {"code": spelt.format(right, right[:3], right[3:])})
    assert signed_in(client)
    session = copy.session
    session.update(state)
    session.save()
    copy.post(CONFIRM, {"code": right})
    assert not signed_in(copy)


@pytest.mark.adversary("C4")
@pytest.mark.django_db(transaction=True)
def test_of_the_same_right_code_sent_at_once_one_signs_in(at_once):
    resident()
    first = Client()
    right = ask(first)
    browsers = [Client() for _ in range(8)]
    for browser in browsers:
        session = browser.session
        session["account_login"] = first.session["account_login"]
        session.save()
    answers = at_once(lambda n: browsers[n].post(CONFIRM, {"code": right}), 8)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sum(bool(signed_in(browser)) for browser in browsers) == 1


@pytest.mark.adversary("C4")
@pytest.mark.parametrize(
    "digits", ["١٢٣٤٥٦", "１２３４５６", "𝟏𝟐𝟑𝟒𝟓𝟔", "1\u200b23456x", "", "0" * 10_000]
)
def test_other_digits_are_a_wrong_code_and_no_error(digits):
    resident()
    client = Client()
    ask(client)
    assert client.post(CONFIRM, {"code": digits}).status_code == 200
    assert not signed_in(client)


@pytest.mark.adversary("C3")
def test_made_up_addresses_are_one_at_the_entrance(limits):
    answers = []
    for number in range(202):
        claims = {"X-Forwarded-For": f"203.0.113.{number}", "X_Forwarded_For": f"1.1.1.{number}"}
        data = {"email": f"p{number}@town.example"}
        answers.append(Client().post(SIGNUP, data, headers=claims).status_code)
    assert 429 in answers
    assert answers[-1] == 429
    assert Client(REMOTE_ADDR="198.51.100.7").get(SIGNUP).status_code == 200


def test_strangers_make_only_so_many_sessions_by_asking_for_a_passkey_s_question(
    limits, monkeypatch
):
    monkeypatch.setitem(POLICIES, "sign-in", Policy("", {By.ADDRESS: "5/m"}))
    answers = [Client().get(f"{HOW}webauthn/login/").status_code for _ in range(8)]
    assert answers[5:] == [429, 429, 429]
    assert Session.objects.count() <= 5


@pytest.mark.adversary("C5")
def test_a_flood_of_wrong_codes_leaves_the_passkey(limits):
    user, passkey = with_passkey()
    for number in range(3 * N):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        stranger.post(LOGIN, {"email": user.email})
        stranger.post(CONFIRM, {"code": "000000"})
    victim = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(victim, passkey)
    assert signed_in(victim) == str(user.pk)
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.adversary("C5")
def test_a_flood_is_over_by_itself(limits, monkeypatch):
    user = resident()
    for number in range(3 * N):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        stranger.post(LOGIN, {"email": user.email})
        stranger.post(CONFIRM, {"code": "000000"})
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: NOON + 601))
    entered()


@pytest.mark.adversary("C7")
def test_look_alikes_share_the_counter_of_whom_they_look_like(limits):
    resident("admin@town.example")
    for twin in ("adm1n@town.example", "admln@town.example", "admin+x@town.example"):
        for number in range(2):
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOGIN, {"email": twin})
    answer = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"email": "admin@town.example"})
    assert answer.status_code == 429
