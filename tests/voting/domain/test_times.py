from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain.refusal import Refusal
from voting.domain.times import minute, parse_minute, round_up_minute

years = map(datetime.fromisoformat, ("0002-01-01", "9998-01-01"))
moments = st.datetimes(*years, timezones=st.just(UTC))


@given(moments)
def test_a_written_minute_holds_its_moment(moment):
    begin = parse_minute(minute(moment))
    assert begin <= moment < begin + timedelta(minutes=1)
    assert minute(begin) == minute(moment)


@given(moments)
def test_rounding_up_waits_less_than_a_minute(moment):
    up = round_up_minute(moment)
    assert timedelta(0) <= up - moment < timedelta(minutes=1)
    assert (up.second, up.microsecond) == (0, 0)
    assert round_up_minute(up) == up


def test_other_zones_are_written_in_utc():
    paris = timezone(timedelta(hours=1))
    assert minute(datetime(2026, 11, 2, 0, 30, tzinfo=paris)) == "2026-11-01T23:30Z"
    with pytest.raises(ValueError, match="time zone"):
        minute(datetime.fromisoformat("2026-11-02"))


@given(st.text())
def test_other_texts_are_refused(text):
    with pytest.raises(Refusal, match="YYYY"):
        parse_minute(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02T08:03",
        "2026-11-02T08:03:00Z",
        "2026-11-02T08:03+00:00",
        "2026-11-02 08:03Z",
        "2026-11-02T24:00Z",
        "2026-11-02T08:60Z",
        "2026-02-29T08:00Z",
        "0000-01-01T00:00Z",
        "２０２６-11-02T08:03Z",
        "2026-11-02T08:03Z\n",
        None,
        20261102,
    ],
)
def test_near_misses_are_refused(text):
    with pytest.raises(Refusal, match="YYYY"):
        parse_minute(text)
