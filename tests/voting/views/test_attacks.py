"""Nothing that anybody puts into an address, a query or a header breaks a page: never a 500.

The routes are read from the URL conf, so that a new one is attacked too.
"""

import json
import random
from itertools import cycle
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.paths import shared
from tests.voting import polls

pytestmark = [pytest.mark.django_db, pytest.mark.adversary("G12")]

FILL = {"<uuid:poll>": "{poll}", "<deed:deed>": "announce", "<path:path>": "0/000.p/1",
        "<prefix:prefix>": "all"}  # fmt: skip
PARAMETERS = ("page", "state", "lang", "next", "appearance", "q", "topics", "code", "email")
HEADERS = (
    "Accept", "Accept-Language", "User-Agent", "Referer", "Cookie", "If-None-Match", "HX-Request",
    "HX-Current-URL", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Range", "X-CSRFToken",
    "If-Modified-Since", "Origin", "Authorization",
)  # fmt: skip


def routes(resolver=None, prefix=""):
    """Every address of the town with its parts filled in, but the operators' pages."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if path != "admin/":
                yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern) and "^" not in path:
            for part, filled in FILL.items():
                path = path.replace(part, filled)
            yield "/" + path


ROUTES = sorted(set(routes()))


def naughty():
    """The big list, shuffled but the same every time, as text that a request can carry."""
    strings = json.loads(shared("attacks", "blns", "blns.json").read_text())
    own = ["\0", "a\0b", "%00", "\r\nSet-Cookie: a=b", "../" * 20, "x" * 5_000, "١٢٣", "1e309"]
    random.Random(1).shuffle(strings)
    return [*own, *strings]


@pytest.fixture
def ask():
    """GET as an organiser, who reaches the most code, and as a stranger in turn."""
    poll = polls.decided(title="<script>alert(1)</script>")
    draft = polls.draft()
    insider, stranger = Client(), Client()
    for client in (insider, stranger):
        client.raise_request_exception = False
    insider.force_login(poll.organiser)
    clients = cycle([insider, insider, stranger])

    def get(route, query="", **headers):
        target = draft if route.endswith(("/edit/", "/announce/")) else poll
        answer = next(clients).get(route.format(poll=target.pk) + query, headers=headers)
        assert answer.status_code < 500, (route, query, headers)

    return get


def test_the_routes_are_all_of_them():
    assert "/polls/{poll}/pass" in ROUTES
    assert "/booth/{poll}/tile/0/000.p/1" in ROUTES
    assert len(ROUTES) > 30


def test_naughty_strings_in_queries(ask):
    for string, route, name in zip(naughty()[::2], cycle(ROUTES), cycle(PARAMETERS), strict=False):
        ask(route, "?" + urlencode({name: string, "page": string}, errors="surrogatepass"))


@pytest.mark.parametrize("name", PARAMETERS)
def test_naughty_strings_in_the_parameter_that_is_read(ask, name):
    where = {"page": "/polls/", "state": "/polls/", "next": "/language/", "lang": "/booth/{poll}/"}
    for string in random.Random(name).sample(naughty(), 12):
        ask(where.get(name, "/"), "?" + urlencode({name: string}, errors="surrogatepass"))


def test_naughty_strings_in_paths(ask):
    places = cycle(
        ["/{0}", "/polls/{0}/", "/polls/{0}/pass", "/booth/{0}/ballots", "/booth/{{poll}}/{0}",
         "/booth/{{poll}}/tile/{0}", "/booth/{{poll}}/proof/{0}", "/polls/{{poll}}/{0}",
         "/polls/{{poll}}/{0}/", "/accounts/{0}"]
    )  # fmt: skip
    for string, place in zip(naughty(), places, strict=False):
        name = quote(string, safe="/", errors="surrogatepass").replace("{", "").replace("}", "")
        ask(place.format(name))


def test_naughty_strings_in_headers(ask):
    for string, route, name in zip(naughty()[1::2], cycle(ROUTES), cycle(HEADERS), strict=False):
        ask(route, **{name: string.encode(errors="surrogatepass").decode("latin-1")})


@pytest.mark.parametrize("route", ROUTES)
def test_monstrous_requests(ask, route):
    ask(route, "?" + "x" * 65_536)
    ask(route, "?" + "&".join(f"k{number}=v" for number in range(1_100)))
    ask(route, "?a[]=1&a[b]=2&a=%ff%fe&%00=%00&page=%ED%A0%80")
    for name in ("Accept-Language", "Cookie", "Referer"):
        ask(route, **{name: "x" * 65_536})
    ask(route, Accept="text/html," + "a/b;q=0.1," * 2_000)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_a_thousand_and_one_query_keys_are_400_and_readable(accept):
    client = Client()
    client.raise_request_exception = False
    query = "&".join(f"k{number}=v" for number in range(1_100))
    answer = client.get(f"/polls/?{query}", headers={"Accept": accept})
    assert answer.status_code == 400
    assert len(answer.content) > 50


@pytest.mark.parametrize("route", ROUTES)
def test_odd_methods_are_refused(route):
    poll, client = polls.announced(), Client()
    client.raise_request_exception = False
    for method in ("TRACE", "CONNECT", "PROPFIND", "X" * 100, "PURGE"):
        answer = client.generic(method, route.format(poll=poll.pk))
        assert 300 <= answer.status_code < 500, method
    if route not in ("/accounts/logout/",):
        assert answer.status_code in (302, 403, 404, 405), route


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "\0" * 40,
        "é" * 20,
        "0" * 10_000,
        "' OR 1=1 --",
        "-" * 36,
    ],
)
def test_forged_session_cookies_are_nobody_s(value):
    client = Client()
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    poll = polls.opened(who="account")
    for path in ("/", f"/polls/{poll.pk}/", f"/polls/{poll.pk}/pass", "/polls/new/"):
        assert client.get(path).status_code in (200, 302)
