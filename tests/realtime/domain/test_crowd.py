"""A number of people says as little as it can about each of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.domain.crowd import FORGOTTEN_S, Elsewhere, told

COUNTS = st.integers(0, 2_000_000)


@pytest.mark.adversary("B16")
@given(st.integers(0, 4), st.integers(0, 4))
def test_fewer_than_five_all_look_the_same(one, other):
    assert told(one) == told(other) == {"here": 5, "fewer": True}


@pytest.mark.adversary("B16")
@given(COUNTS)
def test_what_is_told_is_rounded_down_and_close(count):
    shown = told(count)
    assert shown["fewer"] == (count < 5)
    if not shown["fewer"]:
        assert shown["here"] <= count < shown["here"] + max(5, count // 10)
        assert shown["here"] % 5 == 0


@given(COUNTS, COUNTS)
def test_more_people_are_never_fewer(one, other):
    less, more = sorted((one, other))
    assert told(less)["here"] <= told(more)["here"]
    assert told(less)["fewer"] >= told(more)["fewer"]


READERS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1)


@given(st.dictionaries(st.sampled_from("pqr"), st.lists(READERS, min_size=1)))
def test_the_last_word_of_each_process_counts(said):
    others = Elsewhere()
    for process, words in said.items():
        for readers in words:
            others.hear(process, readers, 100.0)
    for topic in "abc":
        last = sum(words[-1].get(topic, 0) for words in said.values())
        assert others.count(topic, 100.0 + FORGOTTEN_S) == last
        assert others.count(topic, 100.1 + FORGOTTEN_S) == 0


def test_who_ends_or_falls_silent_is_forgotten():
    others = Elsewhere()
    others.hear("p", {"a": 3}, 0)
    others.hear("q", {"a": 4}, 10)
    others.hear("p", {}, 11)
    assert others.count("a", 12) == 4
    others.forget(100)
    assert others._said == {}
