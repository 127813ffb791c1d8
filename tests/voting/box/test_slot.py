"""Whatever the ballot box is asked: the short way answers as Django does, byte for byte."""

import asyncio
import json
import uuid

import pytest
from django.db import OperationalError, connections

from engage.asgi import Pages
from tests.voting import polls
from tests.voting.box.asking import address, ask, headers
from tests.voting.spoilt import SPOILT
from voting.board.models import Intake, Leaf
from voting.box.headers import NOWHERE
from voting.client import check_promise
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db(transaction=True)


def same(sides, path, *chunks, **asked):
    """The one answer of both, after a look that it is one; casting twice does no harm."""

    async def both():
        return [await ask(app, path, *chunks, **asked) for app in (sides.slot, sides.pages)]

    ours, django = asyncio.run(both())
    if ours != django:  # a promise may turn over with the minute, but hardly twice in a row
        ours, django = asyncio.run(both())
    assert ours == django
    assert b"set-cookie" not in {name.lower() for name, _value in ours.headers}
    return ours


def code(answer):
    return json.loads(answer.body).get("code", "")


def by_the_short_way(sides):
    """Whether Django was asked for nothing but its usual headers."""
    asked = [path for path in sides.asked_of_pages if "00000000-0000" not in path]
    sides.asked_of_pages.clear()
    return not asked


@pytest.mark.parametrize("first", ["slot", "pages"])
def test_a_ballot_is_taken_once_whoever_takes_it(sides, first):
    poll = polls.opened()
    raw, manifest = polls.ballot(poll), polls.manifest_of(poll)
    alone = asyncio.run(ask(getattr(sides, first), address(poll), raw))
    again = same(sides, address(poll), raw)
    assert by_the_short_way(sides)
    for answer in (alone, again):
        assert answer.status == 202
        check_promise(answer.body, raw, manifest)
    assert again.text["cache-control"] == "no-store"
    assert bytes(Intake.objects.get(poll=poll.pk).leaf) == raw
    merge_intake(poll=poll.pk)
    assert same(sides, address(poll), raw).status == 202
    assert not Intake.objects.exists()


def test_a_crowd_that_comes_first_asks_once_for_the_usual_headers(sides):
    poll = polls.opened()
    raws = [polls.ballot(poll) for _ in range(20)]

    async def crowd():
        return await asyncio.gather(*(ask(sides.slot, address(poll), raw) for raw in raws))

    assert {answer.status for answer in asyncio.run(crowd())} == {202}
    assert sides.asked_of_pages == [NOWHERE]


def test_headers_that_could_not_be_had_are_asked_for_again(sides):
    poll, pages, failures = polls.opened(), sides.slot.usual.pages, [OSError(), OSError()]

    async def failing(*asked):
        if failures:
            raise failures.pop()
        await pages(*asked)

    sides.slot.usual.pages = failing
    for _ in range(2):
        with pytest.raises(OSError):
            asyncio.run(ask(sides.slot, address(poll), polls.ballot(poll)))
    assert asyncio.run(ask(sides.slot, address(poll), polls.ballot(poll))).status == 202


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_ballot_is_refused_with_the_same_words(sides, what):
    refusal, spoil = SPOILT[what]
    poll, other = polls.opened(), polls.opened()
    voter = polls.voter(poll)
    raw = spoil(voter.ballot("a"), voter, polls.ballot(other))
    answer = same(sides, address(poll), raw)
    assert (answer.status, code(answer)) == (422, refusal)
    assert by_the_short_way(sides)
    assert not Intake.objects.exists()


@pytest.mark.parametrize("state", polls.STATES)
def test_before_in_and_after_the_poll(sides, state):
    poll = polls.STATES[state]()
    same(sides, address(poll), b"{}")
    if poll.manifest:
        voter = polls.voter_without_pass(poll)
        voter.token = bytes(256)
        same(sides, address(poll), voter.ballot("a"))
    assert by_the_short_way(sides)


def test_a_pass_that_was_used_and_a_box_that_is_shut(sides):
    poll = polls.opened()
    voter = polls.voter(poll)
    first, second = voter.ballot("a"), voter.ballot("b")
    assert same(sides, address(poll), first).status == 202
    assert code(same(sides, address(poll), second)) == "key-used"
    polls.sealed(poll)
    assert same(sides, address(poll), first).status == 202
    assert code(same(sides, address(poll), second)) == "closed"
    assert by_the_short_way(sides)


BODIES = {
    "nothing": [], "empty pieces": [b"", b"", b""], "16,384 bytes": [b" " * 16_384],
    "one more": [b" " * 16_385], "much more": [b" " * 65_536] * 3,
    "many pieces": [b"x"] * 30, "too many pieces": [b" " * 999] * 30,
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES)
def test_bodies_of_every_length_and_number_of_pieces(sides, what):
    poll = polls.opened()
    answer = same(sides, address(poll), *BODIES[what])
    assert (answer.status == 413) == (sum(map(len, BODIES[what])) > 16_384)
    assert by_the_short_way(sides)


def test_a_ballot_in_pieces_is_taken(sides):
    poll = polls.opened()
    raw = polls.ballot(poll)
    pieces = [raw[at : at + 100] for at in range(0, len(raw), 100)]
    assert same(sides, address(poll), *pieces).status == 202


KINDS = [
    b"text/plain", b"text/plain; charset=utf-8", b"TEXT/PLAIN;charset=UTF-8", b"text/plain;x=y",
    b' text/plain ;charset="utf-8"', b"text/plain=1;a", b"text/plainer", b"application/json", b"",
    b"text/plain,text/plain", b"text/html", b"multipart/form-data; boundary=x", b"\xff\xfe",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_content(sides, kind):
    poll = polls.opened()
    same(sides, address(poll), polls.ballot(poll), headers=headers(kind))


LANGUAGES = [b"de", b"en", b"de-AT,fr;q=0.5", b"fr", b"*", b"xx;q=2", b"", b"\xff", b"de" * 900]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(sides, language):
    poll = polls.opened()
    for raw in (b"[]", polls.ballot(poll)):
        answer = same(sides, address(poll), raw, headers=headers(accept_language=language))
        assert answer.text["content-language"] in ("de", "en")
    assert by_the_short_way(sides)


def test_no_poll_no_box(sides):
    answer = same(sides, address(uuid.uuid4()), b"{}")
    assert (answer.status, code(answer)) == (404, "not-found")
    assert by_the_short_way(sides)


POLL = "01970000-0000-7000-8000-000000000001"
ELSEWHERE = [
    address("nothing"), address(POLL) + "/", address(POLL) + "\n", f"/booth/{POLL}/", "/",
    address(POLL.upper().replace("0", "A")), f"//booth/{POLL}/ballots", address(POLL) + "?lang=de",
]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_any_other_address_is_django_s(sides, path):
    same(sides, path, b"{}")
    assert not by_the_short_way(sides)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_any_other_method_is_django_s(sides, method):
    answer = same(sides, address(polls.opened()), method=method)
    assert (answer.status, answer.text["allow"]) == (405, "POST")


ODD = {
    "another host": {"headers": headers(host=b"evil.example")},
    "no host": {"headers": headers()[1:]},
    "two hosts": {"headers": [*headers(), (b"host", b"evil.example")]},
    "two kinds": {"headers": [*headers(), (b"content-type", b"text/plain")]},
    "cookies": {"headers": headers(cookie=b'sessionid="\\000"; django_language=de')},
    "another origin": {"headers": headers(origin=b"https://evil.example")},
    "a page is wanted": {"headers": [*headers()[:2], (b"accept", b"text/html")]},
    "htmx": {"headers": headers(hx_request=b"true")},
    "a prefix": {"root_path": "/town"},
    "https": {"scheme": "https"},
    "a proxy's word": {"headers": headers(x_forwarded_proto=b"https")},
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_odd_requests(sides, what):
    poll = polls.opened()
    for raw in (polls.ballot(poll), b"{}"):
        same(sides, address(poll), raw, **ODD[what])


@pytest.fixture
def https(settings):
    """The settings of a town that is reached by https alone, through a proxy."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000


@pytest.mark.parametrize("scheme", [b"https", b"http", b"", b"HTTPS"])
def test_behind_a_proxy_only_https_gets_to_the_box(https, sides, scheme):
    poll = polls.opened()
    asked = {"headers": headers(x_forwarded_proto=scheme)}
    answer = same(sides, address(poll), polls.ballot(poll), **asked)
    assert (answer.status == 202) == (scheme == b"https")
    assert ("strict-transport-security" in answer.text) == (scheme == b"https")


def in_the_way(error):
    """What makes every insertion into the ballots database, from this thread, raise ``error``."""

    def execute(run, sql, *rest):
        if sql.startswith("INSERT"):
            raise error
        return run(sql, *rest)

    return lambda: connections["ballots"].execute_wrappers.append(execute)


def out_of_the_way():
    connections["ballots"].execute_wrappers.clear()


@pytest.mark.adversary("I2")
def test_a_database_that_cannot_write_is_busy(sides):
    poll = polls.opened()
    raw = polls.ballot(poll)
    sides.in_each_thread(in_the_way(OperationalError("database is locked")))
    answer = same(sides, address(poll), raw)
    assert (answer.status, code(answer), answer.text["retry-after"]) == (503, "busy", "2")
    assert not Intake.objects.exists()
    sides.in_each_thread(out_of_the_way)
    assert same(sides, address(poll), raw).status == 202
    assert by_the_short_way(sides)


def test_a_fault_that_nobody_thought_of_is_answered_by_django(sides, caplog):
    poll = polls.opened()
    raw = polls.ballot(poll)
    asyncio.run(ask(sides.slot, address(poll), b"{}"))
    sides.in_each_thread(in_the_way(RuntimeError("something nobody thought of")))
    answer = same(sides, address(poll), raw)
    assert (answer.status, code(answer)) == (500, "server-error")
    assert "something nobody thought of" in caplog.text
    assert raw.decode() not in caplog.text
    sides.in_each_thread(out_of_the_way)
    assert same(sides, address(poll), raw).status == 202


def test_who_is_gone_before_the_end_casts_nothing(sides):
    poll = polls.opened()
    sent = []

    async def gone():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    async def leave():
        scope = {"type": "http", "method": "POST", "path": address(poll), "query_string": b"",
                 "scheme": "http", "headers": headers()}  # fmt: skip
        await sides.slot(scope, gone, send)

    asyncio.run(leave())
    assert sent == []
    assert not Leaf.objects.filter(kind="ballot").exists()


def test_hosts_made_up_by_the_thousand_fill_no_memory(sides):
    async def flood():
        for number in range(600):
            host = b"localhost:%d" % number
            await ask(sides.slot, address(POLL), b"{}", headers=headers(host=host))

    asyncio.run(flood())
    assert len(sides.slot.usual.known) <= 256


def test_both_ways_stand_in_the_application():
    """Whoever wants Django's own way in the same process names anything behind the address."""
    from engage.asgi import application

    slot = application.application_mapping["http"]
    assert isinstance(slot.pages, Pages)
