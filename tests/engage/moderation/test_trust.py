"""Trust grows and limits grow with it, whatever the numbers; the wait is exact."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.moderation.domain.trust import (
    LIMITS,
    NEEDS,
    WINDOW,
    Level,
    Needs,
    Standing,
    What,
    level_of,
    missing_to_next,
    wait,
)

NOW = datetime(2026, 6, 12, 20, 0, tzinfo=UTC)
numbers = st.integers(0, 400)
standings = st.builds(Standing, numbers, numbers, st.integers(0, 40))
used = st.lists(st.tuples(st.integers(0, 7_200), st.integers(0, 9)), max_size=30).map(
    lambda rows: [(NOW - timedelta(seconds=ago), n) for ago, n in sorted(rows, reverse=True)]
)


@pytest.mark.adversary("H5")
def test_limits_grow_with_trust_and_everybody_may_do_something():
    for what in What:
        row = [LIMITS[level][what] for level in Level]
        assert row == sorted(row)
        assert len(set(row)) == len(row)
        assert row[0] > 0


def test_every_level_asks_for_more_than_the_one_below():
    for below, above in zip(Level, list(Level)[1:], strict=False):
        assert NEEDS[below].days < NEEDS[above].days
        assert NEEDS[below].texts < NEEDS[above].texts


@given(standings, numbers, numbers)
def test_more_accepted_texts_and_more_days_never_lower_a_level(standing, days, texts):
    more = Standing(standing.days + days, standing.accepted + texts, standing.objected)
    assert level_of(more) >= level_of(standing)


@given(standings, st.integers(0, 40))
def test_an_objection_never_raises_a_level_and_none_goes_below_the_first(standing, more):
    worse = Standing(standing.days, standing.accepted, standing.objected + more)
    assert Level.NEW <= level_of(worse) <= level_of(standing)
    assert worse.counted >= 0


@given(standings)
def test_what_is_missing_is_exactly_what_brings_the_next_level(standing):
    missing = missing_to_next(standing)
    if missing is None:
        assert level_of(standing) is Level.REGULAR
        return
    assert missing != Needs(0, 0)
    enough = Standing(standing.days + missing.days, standing.counted + missing.texts)
    assert level_of(enough) > level_of(standing)


def test_somebody_new_who_writes_a_thousand_texts_stays_new():
    assert level_of(Standing(days=1, accepted=1_000)) is Level.NEW
    assert level_of(Standing(days=1_000, accepted=0)) is Level.NEW


@given(used, st.integers(-3, 20), st.integers(1, 12))
def test_after_the_wait_there_is_room_and_a_second_before_there_is_none(rows, asked, limit):
    def inside(when):
        return sum(n for at, n in rows if at > when - WINDOW)

    seconds = wait(rows, asked, limit, NOW)
    assert 0 <= seconds <= WINDOW.total_seconds()
    if asked <= 0 or asked > limit:
        assert seconds == (0 if asked <= 0 else 3_600)
        return
    then = NOW + timedelta(seconds=seconds)
    assert inside(then) + asked <= limit
    if seconds:
        assert inside(then - timedelta(seconds=1)) + asked > limit
