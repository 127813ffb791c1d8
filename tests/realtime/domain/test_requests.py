import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from realtime.domain.requests import (
    Follow,
    Seen,
    Unfollow,
    parse_place,
    parse_places,
    parse_request,
)

topics = st.uuids().map(lambda key: Topic("poll", str(key)))
places = st.builds(Follow, topics, st.one_of(st.none(), st.integers(0, 10**15)))


def written(place: Follow) -> str:
    return str(place.topic) if place.since is None else f"{place.topic}:{place.since}"


@given(places)
def test_a_place_survives_being_written(place):
    assert parse_place(written(place)) == place
    assert parse_request(json.dumps({"follow": written(place)})) == place


@given(st.lists(places, min_size=1, max_size=20, unique_by=lambda place: place.topic))
def test_a_handshake_names_up_to_twenty_topics(asked):
    assert parse_places(",".join(map(written, asked))) == asked


def test_more_than_twenty_or_the_same_twice_is_refused():
    many = ",".join(f"thread.{n}" for n in range(21))
    for text in (many, "thread.7:1,thread.7:2", "", ",", "thread.7,"):
        with pytest.raises(DomainError):
            parse_places(text)


def test_the_three_words():
    topic = Topic("thread", "7")
    assert parse_request('{"unfollow": "thread.7"}') == Unfollow(topic)
    assert parse_request('{"seen": "thread.7:3"}') == Seen(topic, 3)
    assert parse_request('{"follow": "thread.7"}') == Follow(topic, None)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_refused_with_the_same_few_words(text):
    try:
        parse_request(text)
    except DomainError as refusal:
        assert refusal.code in {"socket.malformed", "socket.too-long"}
        assert len(refusal.sentence) < 60


@pytest.mark.adversary("B5", "B6")
@pytest.mark.parametrize(
    "message",
    [
        {"type": "news.fact", "topic": "thread.7", "sequence": 1, "kind": "a", "data": {}},
        {"type": "poll.update"}, {"type": "chat.message"}, {"type": "websocket.disconnect"},
        {"type": "__init__"}, {"type": "_private"}, {"type": "disconnect"}, {"type": "ｆollow"},
        {"__init__": "thread.7"}, {"_private": 1}, {"follow": "thread.7", "type": "x"},
        {"ｆollow": "thread.7"}, {"follow": "specific.inmemory!abc"}, {"follow": ["thread.7"]},
        {"follow": {"thread.7": 1}}, {"follow": None}, {"follow": "thread.7:-1"},
        {"follow": "thread.7:1.0"}, {"follow": "thread.7:01"}, {"follow": "thread.7:9" + "9" * 20},
        {"unfollow": "thread.7:3"}, {"seen": "thread.7"}, {"seen": 7}, {"pong": 1}, {"pong": True},
        {}, [], ["follow", "thread.7"], "follow", 7, None, True,
        {"follow": "a" * 3000}, {"a" * 3000: 1},
    ],
)  # fmt: skip
def test_no_message_calls_anything_by_name(message):
    with pytest.raises(DomainError) as refused:
        parse_request(json.dumps(message))
    assert refused.value.code == "socket.malformed"


@pytest.mark.adversary("G1")
@pytest.mark.parametrize(
    "text", ["[" * 4096, '{"a":' * 800, "1" * 4096, '"' + "\\u0000" * 600 + '"']
)
def test_deep_or_huge_values_are_refused(text):
    with pytest.raises(DomainError) as refused:
        parse_request(text)
    assert refused.value.code == "socket.malformed"


@pytest.mark.parametrize("text", ['{"follow": "' + "a" * 4096, "é" * 2049, "\ud800" * 4097])
def test_more_than_four_kilobytes_is_too_long(text):
    with pytest.raises(DomainError) as refused:
        parse_request(text)
    assert refused.value.code == "socket.too-long"
