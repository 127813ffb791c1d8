"""Of tries at once no more get through than in turn, whatever somebody says of themselves."""

import signal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory
from django_ratelimit import core

from engage.identity.adapter import AccountAdapter
from engage.identity.models import User
from engage.web import limits
from engage.web.limits import POLICIES, Away, By, Policy, TooMany, by_address, spend
from tests.services import Valkey

PEER = "10.0.0.2"
TRIES = 100
NOON = 1_790_000_000.0


def arriving(peer=PEER, user=None, session="", **headers):
    """A request as the views see it, with a session as it was found in the database."""
    request = RequestFactory().post("/", REMOTE_ADDR=peer, **headers)
    request.user = user or AnonymousUser()
    request.session = SimpleNamespace(is_empty=lambda: not session, session_key=session)
    return request


def counted(**headers):
    request = arriving(**headers)
    key = by_address("any", request)
    assert AccountAdapter().get_client_ip(request) == key
    return key


FEW = Policy("", {By.ADDRESS: "60/10m"})
"""A limit that is reached sooner than those of a whole hall."""


def passed(attempt, times=TRIES):
    """How many of so many tries got through, one after the other."""
    return [went(attempt, number) for number in range(times)].count(True)


def went(attempt, number):
    try:
        attempt(number)
    except TooMany as refusal:
        assert refusal.seconds >= 1
        return False
    return True


@pytest.fixture(params=["memory", "valkey"])
def store(request, settings, tmp_path):
    """Where counts are kept, empty; None in memory, else the server that can be killed."""
    settings.RATELIMIT_ENABLE = True
    if request.param == "memory":
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        cache.clear()
        yield None
        cache.clear()
        return
    with Valkey(tmp_path) as server:
        steady = "engage.web.steady.SteadyCache"
        settings.CACHES = {"default": {"BACKEND": steady, "LOCATION": server.url}}
        cache._own.clear()  # what all such caches share in this process
        yield server
        cache._own.clear()
        for pool in cache._cache._pools.values():
            pool.disconnect()


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The window of a rate begins and ends by the clock; none shall end while a test counts."""
    clock = SimpleNamespace(time=lambda: NOON)
    monkeypatch.setattr(core, "time", clock)
    return clock


def rate(name, by):
    return core._split_rate(POLICIES[name].rates[by])[0]


@pytest.mark.adversary("C2")
def test_of_a_hundred_tries_at_once_exactly_the_limit_gets_through(store, at_once):
    def attempt(number):
        spend("sign-in-code", arriving(f"10.1.{number}.1"), "ann@town.example")

    answers = at_once(lambda number: went(attempt, number), TRIES)
    assert answers.count(True) == rate("sign-in-code", By.TARGET)
    assert answers.count(False) == TRIES - answers.count(True)
    assert not went(attempt, 200), "and it stays so"
    spend("sign-in-code", arriving(), "bob@town.example")


@pytest.mark.adversary("C2")
def test_an_account_counts_once_however_many_sessions_it_has(store, at_once):
    ann = User()

    def attempt(number):
        spend("write", arriving(f"10.1.{number}.1", ann, session=f"session{number}"))

    answers = at_once(lambda number: went(attempt, number), TRIES)
    assert answers.count(True) == rate("write", By.PERSON)
    spend("write", arriving("10.1.1.1", User()))


@pytest.mark.adversary("C3")
def test_a_visitor_is_their_address_whatever_they_say(store, settings, monkeypatch):
    monkeypatch.setitem(POLICIES, "sign-in", FEW)
    settings.TRUSTED_PROXIES = 1
    here = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert passed(
        lambda n: spend(
            "sign-in",
            arriving(
                HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.9",
                HTTP_FORWARDED=f"for=198.51.100.{n}",
                HTTP_X_REAL_IP=f"198.51.100.{n}",
            ),
        )
    ) == rate("sign-in", By.ADDRESS)
    assert not went(lambda _: spend("sign-in", arriving(**here)), 0)
    spend("sign-in", arriving(HTTP_X_FORWARDED_FOR="203.0.113.10"))
    one_household = [f"2001:db8::{n:x}:{n:x}" for n in range(TRIES)]
    assert passed(
        lambda n: spend("sign-in", arriving(HTTP_X_FORWARDED_FOR=one_household[n]))
    ) == rate("sign-in", By.ADDRESS)
    spend("sign-in", arriving(HTTP_X_FORWARDED_FOR="2001:db8:0:1::1"))


@pytest.mark.adversary("C3")
def test_cookies_made_up_are_nobody_s_and_new_sessions_share_an_address(store, monkeypatch):
    monkeypatch.setitem(POLICIES, "few", Policy("", {By.PERSON: "5/m", By.STRANGERS: "20/m"}))
    assert passed(lambda _: spend("few", arriving())) == 5
    assert passed(lambda n: spend("few", arriving("10.9.9.9", session=f"real{n}"))) == 20
    spend("few", arriving("10.9.9.9", User()))


@pytest.mark.adversary("C4")
def test_another_spelling_is_the_same_mailbox(store):
    spellings = [
        "ann@bücher.example", "ANN@Bücher.Example", " ann@xn--bcher-kva.example ",
        "ann+1@bücher.example", "ａnn@bücher.example", "ann@bücher.example.",
        "а\u200bnn@bücher.example",
    ]  # fmt: skip
    assert passed(
        lambda n: spend("sign-in-mail", arriving(f"10.1.{n}.1"), spellings[n % len(spellings)])
    ) == rate("sign-in-mail", By.TARGET)


@pytest.mark.adversary("C5")
def test_who_floods_a_mailbox_from_one_address_does_not_use_up_its_owner_s_tries(
    store, monkeypatch
):
    rates = {By.ADDRESS: "3/10m", By.TARGET: "10/10m"}
    monkeypatch.setitem(POLICIES, "few", Policy("", rates))
    assert passed(lambda _: spend("few", arriving("10.6.6.6"), "ann@town.example")) == 3
    assert passed(lambda n: spend("few", arriving(f"10.1.{n}.1"), "ann@town.example")) == 7


@pytest.mark.adversary("C5")
def test_the_time_told_is_when_there_is_room_again(store, noon):
    def attempt(_number=0):
        spend("sign-in-code", arriving(), "ann@town.example")

    passed(attempt, 20)
    with pytest.raises(TooMany) as refused:
        attempt()
    assert refused.value.seconds <= 600
    noon.time = lambda: NOON + refused.value.seconds + 1
    attempt()


@pytest.mark.adversary("I1")
@pytest.mark.parametrize("store", ["valkey"], indirect=True)
def test_without_redis_each_process_counts_and_reading_is_free(store, monkeypatch):
    monkeypatch.setitem(POLICIES, "own", Policy("", {By.ADDRESS: "5/m"}))
    monkeypatch.setitem(POLICIES, "open", Policy("", {By.ADDRESS: "5/m"}, Away.OPEN))
    for name in ("own", "open"):
        assert passed(lambda _, name=name: spend(name, arriving()), 20) == 5
    store.end(signal.SIGKILL)
    assert passed(lambda _: spend("own", arriving())) == 5
    assert passed(lambda _: spend("open", arriving())) == TRIES


@pytest.mark.adversary("C2")
@pytest.mark.parametrize("store", ["valkey"], indirect=True)
def test_a_redis_killed_in_the_midst_of_it_is_no_error_and_no_open_door(store, at_once):
    def attempt(number):
        if number == TRIES // 2:
            store.end(signal.SIGKILL)
        spend("sign-in-code", arriving(f"10.1.{number}.1"), "ann@town.example")

    answers = at_once(lambda number: went(attempt, number), TRIES)
    assert answers.count(True) <= 2 * rate("sign-in-code", By.TARGET)
    assert {True, False} == set(answers)


def test_nobody_s_count_is_pushed_out_by_made_up_ones(settings, monkeypatch):
    monkeypatch.setitem(POLICIES, "sign-in", FEW)
    settings.RATELIMIT_ENABLE = True
    cache.clear()
    assert passed(lambda _: spend("sign-in", arriving())) == rate("sign-in", By.ADDRESS)
    for number in range(1_000):
        went(lambda n: spend("sign-in-mail", arriving(f"10.2.{n % 250}.{n // 250}"), "x"), number)
    assert not went(lambda _: spend("sign-in", arriving()), 0)
    cache.clear()


def test_the_store_learns_no_address(store, monkeypatch):
    seen = []
    key = core._make_cache_key
    monkeypatch.setattr(core, "_make_cache_key", lambda *parts: seen.append(parts) or key(*parts))
    spend("sign-in-mail", arriving(), "ann@town.example")
    assert len(seen) == 2
    assert not any(word in str(seen) for word in (PEER, "ann", "town.example"))


@pytest.mark.adversary("C3")
def test_nobody_is_believed_about_their_own_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert counted(HTTP_X_FORWARDED_FOR="203.0.113.9") == PEER
    settings.TRUSTED_PROXIES = 1
    assert counted(HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9") == "203.0.113.9"
    assert counted() == counted(HTTP_X_FORWARDED_FOR="nobody") == PEER
    settings.TRUSTED_PROXIES = 2
    assert counted(HTTP_X_FORWARDED_FOR="203.0.113.9") == PEER, "one of two was passed by"


@pytest.mark.adversary("C3")
def test_a_household_with_many_addresses_is_one(settings):
    settings.TRUSTED_PROXIES = 0
    assert counted(peer="2001:db8::1") == counted(peer="2001:db8::ffff:2")
    assert counted(peer="2001:db8:0:1::1") != counted(peer="2001:db8::1")


def test_every_policy_is_well_formed():
    for name, policy in POLICIES.items():
        assert policy.rates, name
        assert limits._KEYS.keys() >= policy.rates.keys()
        for written in policy.rates.values():
            assert core.rate_re.fullmatch(written)
            assert min(core._split_rate(written)) >= 1
