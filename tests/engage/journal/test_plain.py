import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.journal.domain.plain import MAX_INTEGER, plain_fact, plain_gauge, plain_kind

fields = st.from_regex(r"\A[a-z][a-z0-9_-]{0,20}\Z").filter(lambda name: "\n" not in name)
values = st.one_of(
    st.none(), st.booleans(), st.integers(-MAX_INTEGER, MAX_INTEGER), st.text(max_size=200)
)
facts = st.dictionaries(fields, values, max_size=20)


@given(facts)
def test_plain_values_are_told_as_they_are(data):
    told = plain_fact(data)
    assert told == data
    assert told is not data
    assert json.loads(json.dumps(told)) == data


@given(facts, fields, facts)
def test_a_gauge_may_hold_values_by_key_and_no_deeper(data, name, inner):
    assert plain_gauge(data | {name: inner}) == data | {name: inner}
    with pytest.raises(ValueError):
        plain_gauge(data | {name: {"inner": inner}})
    with pytest.raises(ValueError):
        plain_fact(data | {name: inner})


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        2**53,
        "x" * 201,
        ["a"],
        ("a",),
        {"a": 1},
        b"a",
        {1},
        datetime.date(2026, 1, 1),
        object(),
    ],
)
def test_anything_else_is_refused_by_name_of_the_field(value):
    with pytest.raises(ValueError, match="voter"):
        plain_fact({"voter": value})


@pytest.mark.parametrize("name", ["", "Voter", "a b", "_type", "é", "a" * 65])
def test_odd_field_names_are_refused(name):
    with pytest.raises(ValueError):
        plain_fact({name: 1})


@pytest.mark.parametrize("kind", ["", "poll.", "Poll.opened", "poll.opened.now", "__init__", "a\n"])
def test_odd_kinds_are_refused(kind):
    with pytest.raises(ValueError):
        plain_kind(kind)
