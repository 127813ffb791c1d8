"""Two origins: the ballot box never sees a cookie and never sets one, whatever is asked of it."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.voting import polls

pytestmark = pytest.mark.django_db
BOOTH_HOST = urlsplit(settings.BOOTH_ORIGIN).netloc
SITE_HOST = urlsplit(settings.SITE_ORIGIN).netloc
COOKIES = {
    "csrftoken": "x" * 32, "django_language": "de", "appearance": "dark", "messages": "[]",
    "sessionid": "y" * 32, "anything": "else",
}  # fmt: skip
PATHS = (
    "", "ballots", "checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1", "tile/9/999",
    "proof/all", "proof/abc", "proof/zz", "nothing", "ballots/", "../../polls/",
)  # fmt: skip
ASKED = ("", "?lang=de&appearance=dark", "?lang=xx", "?next=/")


def visitor(host, *, user=None):
    """A browser that brings every cookie there is, and a signed-in session if there is a user."""
    client = Client(HTTP_HOST=host)
    client.raise_request_exception = False
    for name, value in COOKIES.items():
        client.cookies[name] = value
    if user:
        client.force_login(user)
    return client


def clean(answer):
    return (
        answer.cookies == {}
        and "Set-Cookie" not in answer
        and "cookie" not in answer.get("Vary", "").lower()
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", [BOOTH_HOST, SITE_HOST])
def test_no_answer_of_the_booth_sets_a_cookie(path, host):
    poll = polls.opened()
    for user in (None, poll.organiser):
        client = visitor(host, user=user)
        for asked in ASKED:
            for method in ("get", "post", "head", "put", "options"):
                answer = getattr(client, method)(f"/booth/{poll.pk}/{path}{asked}")
                assert answer.status_code < 500
                assert clean(answer), (method, path, asked, answer.headers)


def test_a_ballot_brings_no_cookie_back():
    poll = polls.opened()
    answer = visitor(BOOTH_HOST, user=poll.organiser).post(
        f"/booth/{poll.pk}/ballots?lang=de", polls.ballot(poll), "text/plain"
    )
    assert (answer.status_code, clean(answer)) == (202, True)


def test_a_broken_booth_sets_no_cookie_either():
    poll = polls.opened()

    def broken(run, sql, *rest):
        raise RuntimeError("something nobody thought of")

    client = visitor(BOOTH_HOST, user=poll.organiser)
    with connections["ballots"].execute_wrapper(broken):
        answers = [client.get(f"/booth/{poll.pk}/{path}") for path in ("", "checkpoint")]
        answers.append(client.post(f"/booth/{poll.pk}/ballots", b"{}", "text/plain"))
    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert all(clean(answer) for answer in answers)


def test_the_booth_never_asks_who_somebody_is():
    """The session's row and the person's are in the people's database: nothing reads them."""
    poll = polls.opened()
    client = visitor(BOOTH_HOST, user=poll.organiser)
    asked = []

    def listen(run, sql, *rest):
        asked.append(sql)
        return run(sql, *rest)

    raw = polls.ballot(poll)
    with connections["default"].execute_wrapper(listen):
        for path in PATHS:
            client.get(f"/booth/{poll.pk}/{path}")
        client.post(f"/booth/{poll.pk}/ballots", raw, "text/plain")
    assert [sql for sql in asked if "FROM" in sql.upper()] == []  # only the clock


def test_the_booth_page_is_framed_by_the_site_alone_and_runs_its_own_scripts_alone():
    answer = visitor(BOOTH_HOST).get(f"/booth/{polls.opened().pk}/")
    assert answer.status_code == 200
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["frame-ancestors"] == settings.SITE_ORIGIN
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert "X-Frame-Options" not in answer
    assert answer["Referrer-Policy"] == "same-origin"


PAGES = ("/", "/polls/", "/accounts/login/", "/help/voting/", "/verify/", "/admin/", "/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opened_on_the_booth_s_host_is_sent_home(path):
    answer = visitor(BOOTH_HOST).get(path + "?a=b")
    assert (answer.status_code, clean(answer)) == (307, True)
    assert answer["Location"] == f"{settings.SITE_ORIGIN}{path}?a=b"


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "/%2F/evil.example"])
def test_sent_home_is_home(path):
    answer = visitor(BOOTH_HOST).get(path)
    if answer.status_code == 307:
        assert urlsplit(answer["Location"]).netloc == SITE_HOST


def test_the_manifest_is_on_both_hosts_and_without_a_cookie():
    poll = polls.opened()
    for host in (BOOTH_HOST, SITE_HOST):
        answer = visitor(host).get(f"/polls/{poll.pk}/manifest.json?lang=de")
        assert answer.content == bytes(poll.manifest)
        assert answer.cookies == {}


@pytest.mark.parametrize("path", ["/", "/polls/", "/accounts/login/", "/verify/"])
def test_every_page_has_a_strict_policy(path):
    answer = visitor(SITE_HOST).get(path)
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "object-src 'none'",
                 "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
