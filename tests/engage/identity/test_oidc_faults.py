"""An identity service that errs or lies, and whoever stands between: nobody is signed in by it.

Each fault alone, on the real way there and back; the answer is our page with the way on.
"""

import time
from collections import Counter

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from engage.identity.models import User
from engage.identity.oidc import fetching
from engage.identity.oidc.checks import Trouble, service_of
from tests import oidc_provider
from tests.oidc_provider import OTHER_RSA_KEY, SECRET, identity_service, public_jwk
from tests.oidc_visitor import CALLBACK, LOGIN, come_back, go, leave, sign_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.adversary("C13")]


def refused(client, answer, status):
    """Our own page: what happened, a way to begin again and another way in; nothing was made."""
    page = answer.content.decode()
    assert answer.status_code == status, page
    assert "Nothing was changed" in page or "nothing was changed" in page
    assert f'action="{LOGIN}"' in page
    assert 'href="/accounts/login/' in page
    assert not signed_in(client)
    assert not User.objects.exists() and not SocialAccount.objects.exists()


def said(**claims):
    return lambda told: {k: v for k, v in (told | claims).items() if v is not ...}


HOUR = 3_600
CLAIMS = {
    "another issuer": lambda s: {"iss": "https://evil.example"},
    "the issuer with a slash": lambda s: {"iss": f"{s.issuer}/"},
    "no issuer": lambda s: {"iss": ...},
    "for another client": lambda s: {"aud": "somebody-else"},
    "for us and another": lambda s: {"aud": ["engage", "somebody-else"]},
    "for us and another, asked by us": lambda s: {"aud": ["engage", "x"], "azp": "engage"},
    "for nobody": lambda s: {"aud": []},
    "no audience": lambda s: {"aud": ...},
    "asked by another": lambda s: {"azp": "somebody-else"},
    "asked by nobody": lambda s: {"azp": None},
    "run out": lambda s: {"exp": time.time() - 120},
    "never ends": lambda s: {"exp": ...},
    "ends in words": lambda s: {"exp": "tomorrow"},
    "ends with true": lambda s: {"exp": True},
    "ends at infinity": lambda s: {"exp": float("inf")},
    "of an hour ago": lambda s: {"iat": time.time() - HOUR},
    "from the future": lambda s: {"iat": time.time() + HOUR, "exp": time.time() + 2 * HOUR},
    "of no time": lambda s: {"iat": ...},
    "not yet": lambda s: {"nbf": time.time() + HOUR},
    "another nonce": lambda s: {"nonce": "another"},
    "no nonce": lambda s: {"nonce": ...},
    "a nonce that is no text": lambda s: {"nonce": ["x"]},
    "another access token": lambda s: {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "no subject": lambda s: {"sub": ...},
    "an empty subject": lambda s: {"sub": ""},
    "a subject that is a number": lambda s: {"sub": 1},
    "a subject too long": lambda s: {"sub": "a" * 256},
    "a subject with a NUL": lambda s: {"sub": "ann-0001\0"},
}


@pytest.mark.parametrize("fault", CLAIMS)
def test_a_token_that_says(client, service, fault):
    service.faults.claims = said(**CLAIMS[fault](service))
    refused(client, sign_in(client), 403)


def _with_header(**header):
    def sign(service, claims):
        return oidc_provider.jwt.encode(
            claims, service.key, "RS256", headers={"kid": "first"} | header
        )

    return sign


def _cut(service, claims):
    return oidc_provider.signed(service, claims)[:-6]


SIGNATURES = {
    "none": oidc_provider.unsigned,
    "HS256 with the public key": oidc_provider.signed_with_the_public_key,
    "HS256 with the secret": lambda s, c: oidc_provider.jwt.encode(c, SECRET, "HS256"),
    "RS512": lambda s, c: oidc_provider.jwt.encode(c, s.key, "RS512", headers={"kid": s.kid}),
    "PS256": lambda s, c: oidc_provider.jwt.encode(c, s.key, "PS256", headers={"kid": s.kid}),
    "a stranger's key": oidc_provider.signed_by_a_stranger,
    "a key nobody knows": _with_header(kid="unknown"),
    "its own key in the token": _with_header(
        kid="unknown", jwk=public_jwk(OTHER_RSA_KEY, "unknown")
    ),
    "a header that is critical": _with_header(crit=["x"], x=1),
    "cut short": _cut,
    "no token at all": lambda s, c: "not a token",
    "dots": lambda s, c: "..",
}


@pytest.mark.parametrize("fault", SIGNATURES)
def test_a_token_signed_with(client, service, fault):
    service.faults.sign = SIGNATURES[fault]
    refused(client, sign_in(client), 403)


PUBLISHED = {
    "nothing": lambda told: {},
    "no keys": lambda told: {"keys": []},
    "keys that are words": lambda told: {"keys": "first"},
    "a key that is a word": lambda told: {"keys": ["first"]},
    "the key twice": lambda told: {"keys": told["keys"] * 2},
    "a key for secrets": lambda told: {"keys": [told["keys"][0] | {"use": "enc"}]},
    "a key of another algorithm": lambda told: {"keys": [told["keys"][0] | {"alg": "RS512"}]},
    "half a key": lambda told: {"keys": [told["keys"][0] | {"n": ""}]},
    "a weak key": lambda told: {"keys": [told["keys"][0] | {"n": "AQAB"}]},
    "a shared secret": lambda told: {"keys": [{"kty": "oct", "k": "AQAB", "kid": "first"}]},
}


@pytest.mark.parametrize("fault", PUBLISHED)
def test_published(client, service, fault):
    service.faults.published = PUBLISHED[fault]
    refused(client, sign_in(client), 403)


ANSWERS = {
    "userinfo about somebody else": ("userinfo", lambda told: told | {"sub": "bob-0002"}),
    "userinfo about nobody": ("userinfo", lambda told: {"email": "ann@town.example"}),
    "no token": ("token", lambda told: {"token_type": "Bearer", "access_token": "x"}),
    "no access": ("token", lambda told: told | {"access_token": None}),
    "access with a line break": ("token", lambda told: told | {"access_token": "x\r\nX-A: b"}),
    "another kind of token": ("token", lambda told: told | {"token_type": "mac"}),
}


@pytest.mark.parametrize("fault", ANSWERS)
def test_answered_with(client, service, fault):
    name, change = ANSWERS[fault]
    setattr(service.faults, name, change)
    refused(client, sign_in(client), 403)


METADATA = {
    "of another issuer": {"issuer": "https://evil.example"},
    "of nobody": {"issuer": None},
    "no way there": {"authorization_endpoint": None},
    "a way there by script": {"authorization_endpoint": "javascript:alert(1)"},
    "a token by file": {"token_endpoint": "file:///etc/passwd"},
    "keys at a name": {"jwks_uri": "http://a@b.example/keys"},
    "keys on a line of their own": {"jwks_uri": "http://127.0.0.1/\nkeys"},
    "userinfo in a list": {"userinfo_endpoint": ["http://127.0.0.1/"]},
}


@pytest.mark.parametrize("fault", METADATA)
def test_described_as(client, service, fault):
    service.faults.metadata = lambda told: told | METADATA[fault]
    refused(client, client.post(LOGIN), 403)


def test_a_service_in_https_may_send_nobody_to_plain_text():
    issuer = "https://id.town.example"
    told = {"issuer": issuer} | dict.fromkeys(
        ("authorization_endpoint", "token_endpoint", "jwks_uri"), f"{issuer}/x"
    )
    assert service_of(told, issuer)
    with pytest.raises(Trouble):
        service_of(told | {"token_endpoint": "http://id.town.example/x"}, issuer)


def back(**parameters):
    return lambda told: {k: v for k, v in (told | parameters).items() if v is not ...}


BACK = {
    "from another issuer": ({"iss": "https://evil.example"}, 403),
    "from nobody, who always said": ({"iss": ...}, 403),
    "from two": ({"iss": ["https://evil.example", "x"]}, 403),
    "with another state": ({"state": "another"}, 410),
    "without state": ({"state": ...}, 410),
    "with two states": ({"state": ["one", "two"]}, 410),
    "with two codes": ({"code": ["one", "two"]}, 403),
    "without a code": ({"code": ...}, 403),
    "with a code as long as a book": ({"code": "a" * 9000}, 403),
    "with another code": ({"code": "another"}, 410),
    "with a NUL": ({"code": "\0"}, 410),
    "with an error": ({"error": "server_error", "error_description": "<script>x"}, 403),
    "cancelled": ({"error": "access_denied", "code": ...}, 403),
}


@pytest.mark.parametrize("fault", BACK)
def test_a_way_back(client, service, fault):
    changed, status = BACK[fault]
    service.faults.back = back(**changed)
    answer = sign_in(client)
    refused(client, answer, status)
    assert "<script>x" not in answer.content.decode()


def test_a_code_counts_once(client, service):
    """Neither the same address again nor the same code in another sign-in gets anybody in."""
    way = go(leave(client))
    come_back(client, way)
    client.logout()
    assert come_back(client, way).status_code == 410
    other = Client()
    there = leave(other)
    state = there.partition("state=")[2].partition("&")[0]
    old = way.partition("state=")[2].partition("&")[0]
    assert come_back(other, way.replace(old, state)).status_code == 410
    assert not signed_in(client) and not signed_in(other)


def test_another_browser_s_way_back_is_not_mine(client, service):
    """Somebody who sends me their own way back does not get me into their account."""
    way = go(leave(Client()))
    answer = come_back(client, way)
    refused(client, answer, 410)


def test_a_way_back_after_somebody_else_signed_in_is_not_theirs(client, service):
    way = go(leave(client))
    bob = User.objects.create_user("bob@town.example")
    client.force_login(bob)
    assert come_back(client, way).status_code == 410
    assert client.session["_auth_user_id"] == str(bob.pk)


def test_a_code_of_another_service_goes_to_nobody_else(client, service, settings):
    """Mix-up: begun here, answered there; this service never sees the other's code."""
    with identity_service() as evil:
        evil_way = evil.way_back({
            "state": leave(client).partition("state=")[2].partition("&")[0],
            "redirect_uri": settings.SITE_ORIGIN + CALLBACK,
        })  # fmt: skip
        refused(client, come_back(client, evil_way), 403)
    assert "/token" not in service.asked


def _redirect(handler):
    handler.send_to(f"http://localhost:{handler.service.port}/stolen")
    return True


def _huge(handler):
    handler.answer(b'{"issuer":"' + b"a" * 1_000_000 + b'"}')
    return True


def _dripping(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)
    return True


def _silent(handler):
    time.sleep(4)
    return True


def _answering(body, status=200):
    def answer(handler):
        handler.answer(body, status)
        return True

    return answer


STRANGE = {
    "a redirect": _redirect,
    "a million letters": _huge,
    "no json": _answering(b"<html>hello"),
    "a list": _answering(b"[]"),
    "a hole without end": _answering(b"[" * 200_000),
    "a number without end": _answering(b'{"a":' + b"9" * 100_000 + b"}"),
    "nothing": _answering(b""),
    "an error": _answering(b"{}", 500),
    "a refusal": _answering(b"{}", 401),
    "bytes": _answering(b"\xff\xfe"),
}
PLACES = ("/.well-known/openid-configuration", "/token", "/keys", "/userinfo")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", STRANGE)
def test_a_strange_answer(client, service, place, fault):
    service.faults.answers[place] = STRANGE[fault]
    answer = client.post(LOGIN) if place == PLACES[0] else sign_in(client)
    refused(client, answer, 503)
    assert "/stolen" not in service.asked


@pytest.mark.parametrize("fault", [_dripping, _silent])
def test_a_slow_service_holds_nobody_for_long(client, service, monkeypatch, fault):
    service.faults.answers["/token"] = fault
    way = go(leave(client))
    monkeypatch.setattr(fetching, "ANSWER_S", 1.0)
    begun = time.monotonic()
    refused(client, come_back(client, way), 503)
    assert time.monotonic() - begun < 3.5


@pytest.mark.parametrize("limit", ["ANSWER_S", "WAIT_S"])
def test_a_slow_service_takes_no_threads_from_the_rest_of_the_town(
    service, monkeypatch, at_once, limit
):
    """Once it was slow, one page at a time waits for it; the others hear so at once."""
    address = f"{service.issuer}/keys"
    with monkeypatch.context() as patched:
        patched.setattr(fetching, limit, 2.0)
        service.faults.answers["/keys"] = _silent
        assert why_not(address) != "still-slow"
        assert at_once(lambda _: why_not(address), 6).count("still-slow") >= 4
    service.faults.answers.clear()
    assert fetching.ask(address) == service.published()
    assert at_once(lambda _: fetching.ask(address), 6) == [service.published()] * 6


def why_not(address):
    with pytest.raises(Trouble) as trouble:
        fetching.ask(address)
    return trouble.value.reason


def test_a_service_that_is_gone(client, settings):
    cache.clear()
    with identity_service() as gone:
        settings.OIDC = gone.settings()
    refused(client, client.post(LOGIN), 503)


def test_a_service_that_is_gone_after_we_sent_somebody_there(client, settings):
    cache.clear()
    with identity_service() as gone:
        settings.OIDC = gone.settings()
        way = go(leave(client))
    refused(client, come_back(client, way), 503)


def test_keys_are_not_asked_for_again_and_again(client, service):
    """A service that signs with unpublished keys cannot be made to be asked at every try."""
    service.faults.sign = _with_header(kid="unknown")
    for _ in range(4):
        sign_in(Client())
    assert Counter(service.asked)["/keys"] <= 2


def test_two_who_come_back_at_once_are_one(service, django_user_model):
    sign_in(Client())
    sign_in(Client())
    assert django_user_model.objects.count() == 1
