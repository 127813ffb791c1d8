"""A fact's html: once a language, the same to all who read it, and never in the way of the fact."""

import pytest
from django.utils.translation import gettext

from engage.domain.topics import Topic
from realtime import rendering
from realtime.rendering import MOST_KEPT, framed
from realtime.topics import KINDS, MOST_HTML, Kind
from tests.realtime.test_sockets import ORIGIN, handshake

TOPIC = Topic("meeting", "7")


@pytest.fixture
def made(meetings, monkeypatch):
    """Meetings with html; a list of all that was rendered."""
    monkeypatch.setattr(rendering, "_kept", {})
    calls = []

    def render(topic, kind, data):
        calls.append(kind)
        return f'<p id="said">{gettext("Polls")}</p>'

    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, page=30, html=render)
    return calls


def english(number: int) -> dict:
    html = '<p id="said">Polls</p>'
    return {"t": "meeting.7", "n": number, "k": "post.added", "d": {}, "h": html}


def german(number: int) -> dict:
    return english(number) | {"h": '<p id="said">Abstimmungen</p>'}


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


async def test_what_was_missed_brings_its_html_too(connect, made, tell):
    for _ in range(2):
        await tell("meeting.7")
    for _ in range(10):
        socket = await connect("meeting.7:0", language="en")
        told = [await socket.receive_json_from() for _ in range(3)]
        assert told == [english(1), english(2), {"t": "meeting.7", "at": 2}]
    assert len(made) < 20, "kept for a moment"


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
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda *_: html)
    assert set(framed(TOPIC, 1, "post.added", {}, ["en", "de"])) == {""}


def test_a_fact_is_told_if_its_html_cannot_be_made(made, meetings, caplog):
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda *_: 1 / 0)
    assert set(framed(TOPIC, 1, "post.added", {}, ["en", "de"])) == {""}
    assert "No html for post.added" in caplog.text


def test_what_is_kept_does_not_grow(made):
    for number in range(1, MOST_KEPT * 3):
        framed(TOPIC, number, "post.added", {}, ["en"])
    assert len(rendering._kept) <= MOST_KEPT
