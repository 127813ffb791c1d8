from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import promises
from voting.domain.refusal import Refusal
from voting.domain.times import parse_minute

years = map(datetime.fromisoformat, ("2000-01-01", "2100-01-01"))
moments = st.datetimes(*years, timezones=st.just(UTC))


@given(moments, st.integers(1, 100_000))
def test_a_deadline_leaves_the_delay_and_less_than_a_minute_more(now, delay):
    left = parse_minute(promises.deadline(now, delay)) - now
    assert timedelta(seconds=delay) <= left < timedelta(seconds=delay + 60)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_a_promise_comes_back(leaf, signature):
    raw = promises.promise("2026-11-02T08:03Z", leaf.hex(), signature)
    assert promises.parse_promise(raw) == ("2026-11-02T08:03Z", leaf.hex(), signature)


@given(st.binary())
def test_arbitrary_bytes_are_refused(raw):
    with pytest.raises(Refusal):
        promises.parse_promise(raw)


def test_the_form_is_exact():
    good = promises.promise("2026-11-02T08:03Z", "ab" * 32, bytes(64))
    for old, new in [(b"ab", b"AB"), (b"Z", b""), (b"by", b"at"), (b"AA", b""), (b"{", b"{ ")]:
        with pytest.raises(Refusal):
            promises.parse_promise(good.replace(old, new, 1))
