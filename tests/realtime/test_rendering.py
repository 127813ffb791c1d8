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
ADDED = Fact("meeting.7", 1, "post.added", {})


@pytest.fixture
def made(meetings, monkeypatch):
    """Meetings with html; a list of all that was rendered."""
    monkeypatch.setattr(rendering, "_kept", {})
    monkeypatch.setattr(views, "_snapshots", Snapshots())
    calls = []

    def render(topic, parts):
        calls.append(str(topic))
        return dict.fromkeys(parts, f'<p id="said">{gettext("Polls")}</p>')

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
    KINDS["meeting"] = Kind(
        meetings.may_follow,
        meetings.readings,
        html=lambda _topic, parts: dict.fromkeys(parts, long),
    )
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


@pytest.mark.parametrize(
    "html", [{}, {"": "x" * (MOST_HTML + 1)}, {"": "é" * (MOST_HTML // 2 + 1)}]
)
def test_a_fact_is_told_whatever_becomes_of_its_html(made, meetings, html):
    KINDS["meeting"] = Kind(
        meetings.may_follow, meetings.readings, html=lambda _topic, _parts: html
    )
    assert html_after(TOPIC, [ADDED], ["en", "de"]) == {}


def test_a_fact_is_told_if_its_html_cannot_be_made(made, meetings, caplog):
    KINDS["meeting"] = Kind(meetings.may_follow, meetings.readings, html=lambda *_: 1 / 0)
    assert html_after(TOPIC, [ADDED], ["en", "de"]) == {}
    assert "No html for meeting.7" in caplog.text
    assert [set(frames) for _, frames in framed([ADDED], {})] == [{""}]


def test_what_is_kept_does_not_grow(made):
    for number in range(1, MOST_KEPT * 3):
        html_after(TOPIC, [Fact("meeting.7", number, "post.added", {})], ["en"])
    assert len(rendering._kept) <= MOST_KEPT


@pytest.fixture
def in_parts(made, meetings):
    """Meetings of which each post is a part of its own, and all that is no post another."""
    asked = []

    def render(_topic, parts):
        asked.append(sorted(parts))
        return {part: f'<p id="{part}">{gettext("Polls")}</p>' for part in parts if part != "lost"}

    KINDS["meeting"] = Kind(
        meetings.may_follow, meetings.readings, page=30, html=render,
        part=lambda _kind, data: data.get("post", ""),
    )  # fmt: skip
    return asked


async def test_each_fact_brings_its_own_part(connect, in_parts, tell):
    socket = await connect("meeting.7:0", language="en")
    await socket.receive_from()
    for post in ("a", "b", "a"):
        await tell("meeting.7", post=post)
        assert (await socket.receive_json_from())["h"] == f'<p id="{post}">Polls</p>'
    assert in_parts == [["a"], ["b"], ["a"]]


async def test_of_facts_told_together_the_last_of_each_part_brings_it(connect, in_parts, tell):
    """And all of them are made by one question, so that many are no storm of queries."""
    for post in ("a", "b", "a", "c", "b"):
        await tell("meeting.7", post=post)
    await tell("meeting.7")
    socket = await connect("meeting.7:0", language="en")
    told = [(await socket.receive_json_from())["h"] for _ in range(6)]
    a, b, c, all_of_it = (f'<p id="{part}">Polls</p>' for part in ("a", "b", "c", ""))
    assert told == ["", "", a, c, b, all_of_it]
    assert in_parts == [["", "a", "b", "c"]]


async def test_what_cannot_be_made_of_one_part_is_fetched_and_the_others_come_along(
    connect, in_parts, tell
):
    for post in ("lost", "a", "lost"):
        await tell("meeting.7", post=post)
    socket = await connect("meeting.7:0", language="en")
    told = [await socket.receive_json_from() for _ in range(3)]
    assert [fact.get("h") for fact in told] == [None, '<p id="a">Polls</p>', None]


def test_asking_from_anywhere_brings_the_same_parts_made_once(client, in_parts, publish, db):
    for post in ("a", "b", "a", "c"):
        publish("meeting.7", post=post)
    for since, wanted in ((0, "-bac"), (1, "bac"), (2, "ac"), (3, "c")):
        answer = client.get(f"/live/meeting.7?since={since}&lang=en").json()
        told = [fact["h"] for fact in answer["messages"] if "n" in fact]
        assert told == [f'<p id="{post}">Polls</p>' if post != "-" else "" for post in wanted]
    assert in_parts == [["a", "b", "c"]]
