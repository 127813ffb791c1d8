"""The ballot box over HTTP: every status and code of the protocol, and no trace of who asks."""

import json
import random

import pytest
from django.db import OperationalError, connections

from tests.paths import shared
from tests.voting import polls
from tests.voting.spoilt import SPOILT, bit_flipped, changed, resigned
from voting.board.models import Intake, Leaf
from voting.client import check_promise
from voting.clock import database_now
from voting.domain import base64url
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client):
    """POST exact bytes to a poll's box; a client that would raise nothing and checks CSRF."""
    client.handler.enforce_csrf_checks = True
    client.raise_request_exception = False

    def send(poll, raw, kind="text/plain", **headers):
        address = f"/booth/{getattr(poll, 'pk', poll)}/ballots"
        # Named twice: the test client forgets the kind of an empty body.
        return client.generic("POST", address, raw, kind, headers=headers, CONTENT_TYPE=kind)

    return send


def problem(answer, status):
    """The code of a refusal, after a look at its form (RFC 9457)."""
    body = answer.json()
    assert answer.status_code == status == body["status"], body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["detail"]
    assert body["title"] == body["code"]
    assert answer.cookies == {}
    return body["code"]


def nothing_kept():
    return not Intake.objects.exists() and not Leaf.objects.filter(kind="ballot").exists()


def test_a_ballot_is_taken_with_a_promise(post):
    poll = polls.opened()
    raw, manifest = polls.ballot(poll), polls.manifest_of(poll)
    answer = post(poll, raw)
    assert (answer.status_code, answer["Content-Type"]) == (202, "application/json")
    check_promise(answer.content, raw, manifest, database_now())
    assert answer["Cache-Control"] == "no-store"
    assert bytes(Intake.objects.get(poll=poll.pk).leaf) == raw


@pytest.mark.parametrize(
    "kind", ["text/plain; charset=utf-8", "TEXT/PLAIN", "text/plain;charset=UTF-8; x=y"]
)
def test_a_charset_is_allowed(post, kind):
    poll = polls.opened()
    assert post(poll, polls.ballot(poll), kind).status_code == 202


OTHER_KINDS = (
    "application/json", "application/octet-stream", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "text/html", "text/plainer", "*/*", "",
)  # fmt: skip


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_any_other_kind_of_content_is_refused(post, kind):
    poll = polls.opened()
    assert problem(post(poll, polls.ballot(poll), kind), 415) == "text-plain"
    assert nothing_kept()


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_ballot_is_refused_with_its_code(post, what):
    code, spoil = SPOILT[what]
    poll, other = polls.opened(), polls.opened()
    voter = polls.voter(poll)
    raw = spoil(voter.ballot("a"), voter, polls.ballot(other))
    answer = post(poll, raw)
    assert problem(answer, 422) == code
    assert answer.json()["next"].endswith(poll.get_absolute_url())
    assert nothing_kept()


def test_faults_are_named_in_the_order_of_the_protocol(post):
    """A ballot with every fault from one on is refused for that one."""
    poll, other = polls.opened(), polls.opened()
    voter, another = polls.voter(poll), json.loads(polls.ballot(other))
    raw, codes = resigned(voter, choice="nobody"), []
    spoils = [
        lambda raw: raw,
        lambda raw: bit_flipped(raw, "sig"),
        lambda raw: bit_flipped(raw, "token"),
        lambda raw: changed(raw, manifest=another["manifest"]),
        lambda raw: changed(raw, prefix=base64url.encode(bytes(31))),
        lambda raw: raw + b" ",
    ]
    for spoil in spoils:
        raw = spoil(raw)
        codes.append(problem(post(poll, raw), 422))
    assert codes == ["choice", "signature", "token", "manifest", "fields", "canonical"]
    assert problem(post(poll, raw + b" " * 16_384), 413) == "too-long"
    assert nothing_kept()


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [(16_384, 422, "canonical"), (16_385, 413, "too-long"), (3_000_000, 413, "too-long")],
)
def test_16384_bytes_are_looked_at_and_one_more_is_not(post, size, status, code):
    assert problem(post(polls.opened(), b" " * size), status) == code


CLOSED = (410, "closed")
ANSWERS = {
    "draft": (404, "not-found"), "preparing": (404, "not-found"), "announced": (403, "not-open"),
    "open": None, "closing": None, "closed": CLOSED, "decided": CLOSED, "annulled": CLOSED,
}  # fmt: skip


@pytest.mark.parametrize("state", ANSWERS)
def test_before_in_and_after_the_poll(post, state):
    poll = polls.STATES[state]()
    refused = ANSWERS[state]
    if refused:
        assert problem(post(poll, b"{}"), refused[0]) == refused[1]
        if poll.manifest:
            voter = polls.voter_without_pass(poll)
            voter.token = bytes(256)
            assert problem(post(poll, voter.ballot("a")), refused[0]) == refused[1]
        assert nothing_kept()
    else:
        assert problem(post(poll, b"{}"), 422) == "fields"


def test_no_poll_no_box(post):
    assert problem(post("00000000-0000-4000-8000-000000000000", b"{}"), 404) == "not-found"
    assert problem(post("nothing", b"{}"), 404) == "not-found"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_the_box_is_posted_to(client, method):
    answer = getattr(client, method)(f"/booth/{polls.opened().pk}/ballots")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    if method != "head":
        assert problem(answer, 405) == "method-not-allowed"


@pytest.mark.adversary("A3")
def test_the_same_bytes_five_times_before_and_after_merge_close_and_count(post):
    poll = polls.opened()
    raw, manifest = polls.ballot(poll), polls.manifest_of(poll)
    steps = [
        lambda: None,
        lambda: merge_intake(poll=poll.pk),
        lambda: polls.sealed(poll),
        lambda: polls.decide_poll(poll=poll),
    ]
    leaves = set()
    for step in steps:
        step()
        for _ in range(5):
            answer = post(poll, raw)
            assert answer.status_code == 202
            leaves.add(check_promise(answer.content, raw, manifest).leaf)
    assert len(leaves) == 1
    assert Leaf.objects.filter(poll=poll.pk, kind="ballot").count() == 1
    assert not Intake.objects.exists()


@pytest.mark.adversary("A1")
def test_another_ballot_of_the_same_pass_is_409(post):
    poll = polls.opened()
    voter = polls.voter(poll)
    assert post(poll, voter.ballot("a")).status_code == 202
    assert problem(post(poll, voter.ballot("b")), 409) == "key-used"
    merge_intake(poll=poll.pk)
    assert problem(post(poll, voter.ballot("b")), 409) == "key-used"


@pytest.mark.adversary("A3")
def test_messages_of_many_voters_five_times_each_in_any_order(post):
    poll, rng = polls.opened(), random.Random(3)
    raws = [polls.ballot(poll, choice) for choice in "abcabc"]
    answers = {raw: set() for raw in raws}
    messages = raws * 5
    rng.shuffle(messages)
    for number, raw in enumerate(messages):
        answer = post(poll, raw)
        assert answer.status_code == 202
        answers[raw].add(json.loads(answer.content)["leaf"])
        if number % 7 == 3:
            merge_intake(poll=poll.pk)
    assert all(len(found) == 1 for found in answers.values())
    merge_intake(poll=poll.pk)
    assert sorted(body for kind, body in polls.logged(poll) if kind == "ballot") == sorted(raws)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_code_is_the_same_in_every_language(post, language):
    answer = post(polls.opened(), b"[]", **{"Accept-Language": language})
    assert problem(answer, 422) == "fields"
    assert answer.json()["reason"] == "An object was expected."


@pytest.mark.adversary("I2")
def test_a_box_that_cannot_write_says_so_and_keeps_nothing(post):
    poll = polls.opened()
    raw = polls.ballot(poll)

    def locked(run, sql, *rest):
        if sql.startswith("INSERT"):
            raise OperationalError("database is locked")
        return run(sql, *rest)

    with connections["ballots"].execute_wrapper(locked):
        answer = post(poll, raw)
    assert problem(answer, 503) == "busy"
    assert int(answer["Retry-After"]) > 0
    assert nothing_kept()
    assert post(poll, raw).status_code == 202


def test_even_a_broken_box_answers_with_a_code_and_no_cookie(post):
    poll = polls.opened()
    raw = polls.ballot(poll)

    def broken(run, sql, *rest):
        raise RuntimeError("something nobody thought of")

    with connections["ballots"].execute_wrapper(broken):
        answer = post(poll, raw)
    assert problem(answer, 500) == "server-error"
    assert "nobody thought" not in answer.content.decode()


def json_cases():
    """Each case as text, as Latin-1 and with raw bytes where the suite's file had invalid UTF-8."""
    for case in json.loads(shared("attacks", "json-test-suite", "parsing.json").read_text()):
        text = case["input"]
        yield case["name"], text.encode(errors="surrogatepass")
        if "\ufffd" in text:
            yield case["name"], text.encode().replace("\ufffd".encode(), b"\xe5")
        elif not text.isascii():
            yield case["name"], text.encode("latin-1", errors="replace")


@pytest.mark.adversary("F10")
def test_no_json_case_is_taken_or_breaks_anything(post):
    poll, seen = polls.opened(), 0
    for name, raw in json_cases():
        seen += 1
        answer = post(poll, raw)
        assert answer.status_code == (422 if len(raw) <= 16_384 else 413), name
        assert answer.json()["code"] in ("canonical", "fields", "too-long"), name
    assert seen > 318
    assert nothing_kept()


@pytest.mark.adversary("F10")
def test_no_json_case_is_a_choice(post):
    """The same cases in the place of the choice of an otherwise good ballot."""
    poll = polls.opened()
    before, after = polls.ballot(poll).split(b'"choice":"a"')
    for name, case in json_cases():
        raw = before + b'"choice":' + case + after
        answer = post(poll, raw)
        assert answer.status_code == (422 if len(raw) <= 16_384 else 413), name
        assert answer.json()["code"] in ("canonical", "signature", "too-long"), name
    assert nothing_kept()


MONSTERS = {
    "deep arrays": b"[" * 16_384,
    "deep objects": b'{"a":' * 3_000,
    "deep and closed": b"[" * 8_000 + b"]" * 8_000,
    "a huge number": b"1" * 16_384,
    "a huge exponent": b"1e" + b"9" * 16_000,
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "a key twice": b'{"a":1,"a":1}',
    "__proto__": b'{"__proto__":{"v":1}}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "NUL": b"\0" * 100,
}


@pytest.mark.adversary("F10")
@pytest.mark.parametrize("what", MONSTERS)
def test_monsters_are_refused_at_once(post, what, caplog):
    assert post(polls.opened(), MONSTERS[what]).json()["code"] in ("canonical", "fields")
    assert "Recursion" not in caplog.text
    assert nothing_kept()
