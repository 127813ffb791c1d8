"""A fact's html: once a language, the same to all who read it, and never in the way of the fact."""

import json

import pytest
from django.utils.translation import gettext

from engage.domain.topics import Topic
from engage.journal.listeners import Fact
from realtime import rendering, views
from realtime.rendering import MOST_KEPT, framed, html_after
from realtime.sending import UNSENT_LIMIT
from realtime.snapshots import Snapshots
from realtime.topics import KINDS, MOST_HTML, Kind
from tests.realtime.test_sockets import ORIGIN, handshake

TOPIC = Topic("meeting", "7")


@pytest.fixture
def made(meetings, monkeypatch):
    """Meetings with html; a list of all that was rendered."""
    monkeypatch.setattr(rendering, "_kept", {})
    monkeypatch.setattr(views, "_snapshots", Snapshots())
    calls = []

    def render(topic):
        calls.append(str(topic))
        return f'<p id="said">{gettext("Polls")}</p>'

    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, page=30, html=render)
    return calls


def english(number: int) -> dict:
    html = '<p id="said">Polls</p>'
    return {"t": "meeting.7", "n": number, "k": "post.added", "d": {}, "h": html}


def german(number: int) -> dict:
    return english(number) | {"h": '<p id="said">Abstimmungen</p>'}


def unchanged(number: int) -> dict:
    """Its page has nothing to replace, and nothing to fetch: that comes with a later one."""
    return english(number) | {"h": ""}


def bare(number: int) -> dict:
    return {"t": "meeting.7", "n": number, "k": "post.added", "d": {}}


async def test_each_reader_is_told_in_their_language_or_without(connect, made, tell):
    sockets = [await connect("meeting.7:0", language=language) for language in ("en", "de", "de")]
    path = "/ws/?topics=meeting.7:0&lang=de&html=0"
    plain, _accepted, _code = await handshake(ORIGIN, path=path)
    for socket in [*sockets, plain]:
        await socket.receive_from()
    await tell("meeting.7")
    told = [await socket.receive_json_from() for socket in [*sockets, plain]]
    assert told == [english(1), german(1), german(1), bare(1)]
    assert len(made) == 2, "once a language"
    await plain.disconnect()


async def test_what_was_missed_brings_html_with_its_last_fact(connect, made, tell):
    for _ in range(3):
        await tell("meeting.7")
    for since in [0, 1, 2] * 4:
        socket = await connect(f"meeting.7:{since}", language="en")
        told = [await socket.receive_json_from() for _ in range(4 - since)]
        missed = [unchanged(1), unchanged(2), english(3)]
        assert told == [*missed[since:], {"t": "meeting.7", "at": 3}]
    assert len(made) < 12, "kept for a moment"


async def test_however_much_was_missed_it_is_rendered_once_a_language(connect, made, tell):
    for _ in range(30):
        await tell("meeting.7")
    for language in ("en", "de"):
        socket = await connect("meeting.7:0", language=language)
        while "at" not in await socket.receive_json_from():
            pass
    assert made == ["meeting.7"] * 2


async def test_what_was_missed_fits_beside_the_longest_html(connect, made, meetings, tell):
    long = f'<p id="said">{"x" * (MOST_HTML - 20)}</p>'
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda _topic: long)
    for _ in range(30):
        await tell("meeting.7")
    socket = await connect("meeting.7:0", language="en")
    told = [await socket.receive_from() for _ in range(31)]
    assert json.loads(told[29])["h"] == long
    assert sum(map(len, told)) < UNSENT_LIMIT


def test_who_asks_for_much_is_rendered_for_once_a_language(client, made, publish, db):
    for _ in range(30):
        publish("meeting.7")
    for language, last in (("en", english(30)), ("de", german(30))):
        for since in (0, 10):
            answer = client.get(f"/live/meeting.7?since={since}&lang={language}").json()
            facts = answer["messages"][:-1]
            assert facts[-1] == last
            assert [fact["h"] for fact in facts[:-1]] == [""] * (29 - since)
    assert made == ["meeting.7"] * 2


async def test_nobody_reads_it_nobody_makes_it(connect, made, tell):
    await tell("meeting.7")
    path = "/ws/?topics=meeting.7:0&html=0"
    plain, _accepted, _code = await handshake(ORIGIN, path=path)
    assert await plain.receive_json_from() == bare(1)
    assert made == []
    await plain.disconnect()


def test_asking_brings_the_same(client, made, publish, db):
    publish("meeting.7")
    for query, wanted in (("lang=de", german(1)), ("", english(1)), ("lang=de&html=0", bare(1))):
        answer = client.get(f"/live/meeting.7?since=0&{query}").json()
        assert answer["messages"][0] == wanted


@pytest.mark.parametrize("html", [None, "x" * (MOST_HTML + 1), "é" * (MOST_HTML // 2 + 1)])
def test_a_fact_is_told_whatever_becomes_of_its_html(made, meetings, html):
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda _topic: html)
    assert html_after(TOPIC, 1, ["en", "de"]) == {}


def test_a_fact_is_told_if_its_html_cannot_be_made(made, meetings, caplog):
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda _topic: 1 / 0)
    assert html_after(TOPIC, 1, ["en", "de"]) == {}
    assert "No html for meeting.7" in caplog.text
    assert [set(frames) for _, frames in framed([Fact("meeting.7", 1, "a.b", {})], {})] == [{""}]


def test_what_is_kept_does_not_grow(made):
    for number in range(1, MOST_KEPT * 3):
        html_after(TOPIC, number, ["en"])
    assert len(rendering._kept) <= MOST_KEPT
