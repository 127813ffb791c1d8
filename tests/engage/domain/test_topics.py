import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.domain.topics import MAX_LENGTH, Topic

kinds = st.from_regex(r"\A[a-z][a-z-]{0,23}\Z").filter(lambda kind: "\n" not in kind)
keys = st.one_of(
    st.uuids().map(str),
    st.integers(0, 10**18).map(str),
    st.from_regex(r"\A[a-z][a-z0-9-]{0,63}\Z").filter(lambda key: "\n" not in key),
)


@given(kinds, keys)
def test_a_topic_survives_being_written_and_read(kind, key):
    topic = Topic(kind, key)
    assert Topic.parse(str(topic)) == topic
    assert len(str(topic)) <= MAX_LENGTH < 100


@given(st.text())
def test_any_text_is_either_refused_or_its_own_only_spelling(text):
    try:
        topic = Topic.parse(text)
    except DomainError as refusal:
        assert refusal.code == "topic.malformed"
    else:
        assert str(topic) == text


@given(keys)
def test_one_thing_has_one_spelling(key):
    for other in {key.upper(), f"0{key}" if key.isdigit() else f" {key}", f"{key}\n"} - {key}:
        with pytest.raises(DomainError):
            Topic("poll", other)


@pytest.mark.parametrize(
    "text",
    ["", ".", "poll", "poll.", ".7", "poll.7.8", "Poll.7", "poll.07", "poll.-7", "poll.é", "poll.٣",
     "poll.7\x00", "__init__.7", "poll.a_b", "poll." + "9" * 40, f"poll.{uuid.uuid4().hex}:3"],
)  # fmt: skip
def test_what_names_nothing_is_refused(text):
    with pytest.raises(DomainError):
        Topic.parse(text)
