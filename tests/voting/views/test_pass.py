"""Collecting a pass over HTTP: for whom, when, once; and never by another site's hand."""

import hashlib
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.voting import polls
from voting.domain import base64url, blind_rsa
from voting.domain.manifest import EXPONENT
from voting.domain.rolls import commitment
from voting.models import Pass, RollEntry

pytestmark = pytest.mark.django_db
SITE = urlsplit(settings.SITE_ORIGIN).netloc


class Person:
    """A browser at the site's address that minds CSRF as a real one must."""

    def __init__(self, user=None):
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST=SITE)
        if user is not None:
            self.client.force_login(user)

    def look(self, poll):
        """Where this person stands, as the page's script asks."""
        answer = self.client.get(address(poll))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        return answer.json()

    def ask(self, poll, blinded, *, kind="application/octet-stream", **headers):
        """POST a blinded message with everything that a browser brings, unless said otherwise."""
        if "csrftoken" not in self.client.cookies:
            self.client.get(address(poll))
        token = self.client.cookies["csrftoken"].value
        given = {"X-CSRFToken": token, "Origin": settings.SITE_ORIGIN, **headers}
        given = {name: value for name, value in given.items() if value is not None}
        return self.client.generic(
            "POST", address(poll), blinded, kind, headers=given, CONTENT_TYPE=kind
        )


def address(poll):
    return f"/polls/{getattr(poll, 'pk', poll)}/pass"


def problem(answer, status):
    body = answer.json()
    assert answer.status_code == status == body["status"], body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["detail"]
    return body["code"]


def blinded(poll):
    return polls.voter_without_pass(poll).blinded


def test_a_resident_collects_a_pass_that_holds():
    poll, person = polls.opened(who="account"), polls.person()
    voter, manifest = polls.voter_without_pass(poll), polls.manifest_of(poll)
    answer = Person(person).ask(poll, voter.blinded)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
    assert answer["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer
    token = voter.finish(answer.content)
    assert blind_rsa.verify(manifest.n, EXPONENT, voter.token_message, token)
    kept = Pass.objects.get(poll=poll)
    assert kept.resident == person.pk
    assert bytes(kept.blinded_sha256) == hashlib.sha256(voter.blinded).digest()


@pytest.mark.adversary("A3")
def test_asked_five_times_the_answer_is_the_same_and_another_message_is_refused():
    poll, someone = polls.opened(), Person()
    message = blinded(poll)
    answers = {someone.ask(poll, message).content for _ in range(5)}
    assert len(answers) == 1
    assert problem(someone.ask(poll, blinded(poll)), 409) == "pass-taken"
    assert {someone.ask(poll, message).content} == answers
    assert Pass.objects.filter(poll=poll).count() == 1
    assert someone.look(poll)["state"] == "taken"


def test_the_same_message_gets_no_answer_after_the_close():
    poll, someone = polls.opened(), Person()
    message = blinded(poll)
    assert someone.ask(poll, message).status_code == 200
    polls.closed_by_hand(poll)
    assert problem(someone.ask(poll, message), 410) == "closed"


# who may vote -> who asks -> status and code while passes are given out.
ASKED = {
    "everyone": {"participant": 200, "newcomer": 200, "resident": 200, "organiser": 200},
    "account": {"participant": "sign-in", "newcomer": 200, "resident": 200, "organiser": 200},
    "roll": {
        "participant": "sign-in", "newcomer": "not-eligible", "resident": 200, "organiser": 200,
    },
}  # fmt: skip


@pytest.mark.parametrize("who", ASKED)
@pytest.mark.parametrize("state", ["announced", "open", "closing", "closed", "decided", "annulled"])
def test_before_in_and_after_by_who_asks(who, state):
    resident = polls.person()
    poll = polls.STATES[state](who=who)
    users = {
        "participant": None, "newcomer": polls.person(), "resident": resident,
        "organiser": poll.organiser,
    }  # fmt: skip
    for name, user in users.items():
        someone = Person(user)
        state_told = someone.look(poll)["state"]
        answer = someone.ask(poll, blinded(poll))
        expected = ASKED[who][name] if state in ("announced", "open") else "closed"
        if expected == 200:
            assert (answer.status_code, state_told) == (200, "none"), name
            continue
        assert problem(answer, 410 if expected == "closed" else 403) == expected, name
        assert state_told == expected
        assert bool(answer.json().get("next")) == (expected != "closed")
    kept = [name for name, got in ASKED[who].items() if got == 200]
    asked_in_time = state in ("announced", "open")
    assert Pass.objects.filter(poll=poll).count() == (len(kept) if asked_in_time else 0)


def test_who_must_sign_in_is_told_where_and_comes_back():
    poll = polls.opened(who="account")
    answer = Person().ask(poll, blinded(poll))
    way_on = answer.json()["next"]
    assert way_on == f"/accounts/login/?next={poll.get_absolute_url()}"


@pytest.mark.parametrize("state", ["draft", "preparing"])
def test_before_announcement_there_is_no_such_poll(state):
    poll = polls.STATES[state]()
    for someone in (Person(), Person(polls.person())):
        answer = someone.client.get(address(poll))
        assert problem(answer, 404) == "not-found"
    unknown = "00000000-0000-4000-8000-000000000000"
    assert problem(Person().client.get(address(unknown)), 404) == "not-found"


def bad_messages(poll):
    manifest = polls.manifest_of(poll)
    n, k = manifest.n, manifest.k
    yield b""
    yield bytes(k)
    yield n.to_bytes(k, "big")
    yield b"\xff" * k
    yield b"\1" * (k - 1)
    yield b"\1" * (k + 1)
    yield b"\1" * 3_000_000


def test_what_is_no_blinded_message_is_refused_and_costs_nobody_the_pass():
    poll, someone = polls.opened(), Person()
    for message in bad_messages(poll):
        assert problem(someone.ask(poll, message), 422) == "blinded-message"
    assert Pass.objects.count() == 0
    assert someone.ask(poll, blinded(poll)).status_code == 200


KINDS = ("text/plain", "application/json", "multipart/form-data; boundary=x", "")


@pytest.mark.parametrize("kind", [*KINDS, "application/x-www-form-urlencoded"])
def test_only_an_octet_stream_is_read(kind):
    poll = polls.opened()
    answer = Person().ask(poll, blinded(poll), kind=kind)
    assert problem(answer, 415) == "octet-stream"
    assert Pass.objects.count() == 0


CSRF = {
    "no token": {"X-CSRFToken": None},
    "another token": {"X-CSRFToken": "x" * 64},
    "another site": {"Origin": "https://evil.example"},
    "no site": {"Origin": "null"},
    "the site by another scheme": {"Origin": settings.SITE_ORIGIN.replace("http", "https")},
    "the site's other port": {"Origin": f"http://{SITE.split(':')[0]}:1"},
    "the ballot box": {"Origin": settings.BOOTH_ORIGIN},
}


@pytest.mark.parametrize("what", CSRF)
@pytest.mark.adversary("C9")
def test_no_other_site_collects_anybody_s_pass(what):
    poll = polls.opened()
    answer = Person(polls.person()).ask(poll, blinded(poll), **CSRF[what])
    assert problem(answer, 403) == "csrf"
    assert Pass.objects.count() == 0


def test_a_stranger_who_never_looked_has_no_secret_to_send():
    poll = polls.opened()
    answer = Client(enforce_csrf_checks=True).post(
        address(poll), blinded(poll), "application/octet-stream"
    )
    assert problem(answer, 403) == "csrf"


def test_the_booth_s_host_gives_out_no_pass():
    poll = polls.opened()
    host = urlsplit(settings.BOOTH_ORIGIN).netloc
    answer = Client(HTTP_HOST=host).post(address(poll), b"x", "application/octet-stream")
    assert (answer.status_code, answer.cookies) == (307, {})
    assert answer["Location"] == settings.SITE_ORIGIN + address(poll)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_get_and_post_and_nothing_else(method):
    answer = getattr(Person().client, method)(address(polls.opened()))
    assert answer.status_code in (403, 405)


def test_get_says_where_one_stands_and_what_is_needed_to_go_on():
    poll = polls.opened()
    told = Person().look(poll)
    assert told["state"] == "none"
    assert told["phase"] == "open"
    assert told["manifest_sha256"] == polls.manifest_of(poll).sha256.hex()
    assert told["booth"] == f"{settings.BOOTH_ORIGIN}/booth/{poll.pk}/"
    assert "roll" not in told


def test_a_resident_on_the_roll_sees_their_own_commitment_and_nobody_else_s():
    resident, other = polls.person(), polls.person()
    poll = polls.opened(who="roll")
    told = {person.pk: Person(person).look(poll)["roll"] for person in (resident, other)}
    for key, roll in told.items():
        salt = base64url.decode(roll["salt"])
        sealed = base64url.decode(roll["commitment"])
        assert commitment(salt, str(poll.pk), str(key)) == sealed
        assert RollEntry.objects.filter(poll=poll, resident=key, commitment=sealed).exists()
    assert told[resident.pk] != told[other.pk]
    assert "roll" not in Person(polls.person()).look(poll)


def test_one_browser_is_one_participant():
    poll, someone = polls.opened(), Person()
    for _ in range(3):
        someone.look(poll)
    assert someone.ask(poll, blinded(poll)).status_code == 200
    assert problem(someone.ask(poll, blinded(poll)), 409) == "pass-taken"
    assert Person().ask(poll, blinded(poll)).status_code == 200


@pytest.fixture
def limits(settings):
    from django.core.cache import cache

    cache.clear()
    settings.RATELIMIT_ENABLE = True
    yield
    cache.clear()


@pytest.mark.adversary("A1")
def test_asking_too_often_is_429_with_a_time_to_wait(limits):
    poll, someone = polls.opened(), Person()
    message = blinded(poll)
    answers = [someone.ask(poll, message) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert problem(answers[-1], 429) == "too-many"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert Person().ask(poll, blinded(poll)).status_code == 200  # a neighbour at the same address
