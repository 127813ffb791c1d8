"""Who may take part: the rule as tables, and as laws that hold for every person and time."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.identity.domain.areas import covers, lineage
from engage.identity.domain.eligibility import Claim, Rule, age, level_of, missing
from engage.identity.domain.levels import Level

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
AREAS = ["", "town", "town/mill", "town/mill/weir", "town/hill", "town/millbank"]
LEVELS = st.sampled_from(Level)
MOMENTS = st.integers(-40, 40).map(lambda days: NOW + days * DAY)
CLAIMS = st.builds(
    Claim, level=LEVELS, since=MOMENTS, until=st.none() | MOMENTS, area=st.sampled_from(AREAS),
    born=st.none() | st.dates(date(1920, 1, 1), TODAY),
)  # fmt: skip
RULES = st.builds(
    Rule, level=LEVELS, area=st.sampled_from(AREAS), age_from=st.none() | st.integers(0, 99),
    age_to=st.none() | st.integers(0, 99), roll=st.booleans(),
)  # fmt: skip


def known(level, area="", born=None, since=-10, until=None):
    end = NOW + until * DAY if until is not None else None
    return Claim(Level(level), NOW + since * DAY, end, area, born)


def asked(rule, *claims, on_roll=False, now=NOW):
    return missing(rule, claims, now, today=now.date(), on_roll=on_roll)


@pytest.mark.parametrize(("needed", "held"), list(itertools.product(Level, Level)))
def test_a_level_opens_all_that_lower_ones_open(needed, held):
    claims = [known(held)] if held else []
    assert asked(Rule(needed), *claims) == (() if held >= needed else ("level",))


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(-1, 1, True), (-1, None, True), (1, 2, False), (-2, -1, False), (0, 1, True), (-1, 0, False)],
)
def test_a_claim_counts_from_its_first_moment_to_before_its_last(since, until, holds):
    claim = known(Level.ADDRESS, since=since, until=until)
    assert asked(Rule(Level.ADDRESS), claim) == (() if holds else ("level",))


@pytest.mark.parametrize(
    ("rule", "home", "codes"),
    [
        ("town/mill", "town/mill", ()), ("town/mill", "town/mill/weir", ()),
        ("town", "town/hill", ()),
        ("town/mill", "town", ("area",)), ("town/mill", "town/hill", ("area",)),
        ("town/mill", "town/millbank", ("area",)), ("town/mill", "", ("area-unknown",)),
        ("", "", ()), ("", "town/hill", ()),
    ],
)  # fmt: skip
def test_an_area_is_asked_of_a_claim(rule, home, codes):
    assert asked(Rule(Level.ADDRESS, rule), known(Level.ADDRESS, home)) == codes


def test_the_newest_place_counts_and_a_lower_claim_does_not_help():
    moved = [known(Level.ADDRESS, "town/mill", since=-9), known(Level.IN_PERSON, "town/hill")]
    assert asked(Rule(Level.ADDRESS, "town/mill"), *moved) == ()
    assert asked(Rule(Level.IN_PERSON, "town/mill"), *moved) == ("area",)
    unknown = [known(Level.ADDRESS, "town/mill"), known(Level.IN_PERSON)]
    assert asked(Rule(Level.IN_PERSON, "town/mill"), *unknown) == ("area-unknown",)


def test_papers_say_for_a_national_identity_where_and_when_somebody_was_born():
    national = known(Level.NATIONAL, since=-1)
    papers = known(Level.IN_PERSON, "town/mill", date(1990, 1, 1))
    rule = Rule(Level.NATIONAL, "town/mill", age_from=16)
    assert asked(rule, national, papers) == ()
    assert asked(rule, papers) == ("level",)
    assert asked(rule, national) == ("area-unknown", "age-unknown")
    letter = known(Level.ADDRESS, "town/mill")
    assert asked(rule, national, letter) == ("area-unknown", "age-unknown")


@pytest.mark.parametrize(
    ("born", "codes"),
    [
        (None, ("age-unknown",)), (date(2010, 6, 1), ()), (date(2010, 6, 2), ("age",)),
        (date(2008, 6, 2), ()), (date(2008, 6, 1), ("age",)),
    ],
)  # fmt: skip
def test_an_age_is_of_the_day_and_both_ends_count(born, codes):
    rule = Rule(Level.IN_PERSON, age_from=16, age_to=17)
    assert asked(rule, known(Level.IN_PERSON, born=born)) == codes


def test_everything_that_is_missing_is_said_in_the_order_to_put_it_right():
    rule = Rule(Level.IN_PERSON, "town/mill", age_from=16, roll=True)
    assert asked(rule) == ("level", "area-unknown", "age-unknown", "roll")
    full = known(Level.IN_PERSON, "town/mill", date(1990, 1, 1))
    assert asked(rule, full) == ("roll",)
    assert asked(rule, full, on_roll=True) == ()


@given(RULES, st.lists(CLAIMS, max_size=5), st.booleans())
def test_the_order_of_claims_does_not_matter(rule, claims, on_roll):
    told = asked(rule, *claims, on_roll=on_roll)
    kept = {(c.since, c.level) for c in claims}
    if len(kept) == len(claims):
        assert asked(rule, *reversed(claims), on_roll=on_roll) == told


@given(RULES, st.lists(CLAIMS, max_size=5))
def test_what_does_not_hold_now_is_as_if_it_were_not(rule, claims):
    held = [claim for claim in claims if claim.holds(NOW)]
    assert asked(rule, *claims) == asked(rule, *held)
    assert level_of(claims, NOW) == level_of(held, NOW)


@given(RULES, st.lists(CLAIMS, max_size=5))
def test_asking_less_never_shuts_anybody_out(rule, claims):
    if asked(rule, *claims, on_roll=True) == ():
        assert asked(Rule(), *claims) == ()
        assert asked(Rule(rule.level), *claims) == ()
        assert level_of(claims, NOW) >= rule.level
        for wider in ["", *lineage(rule.area)]:
            assert asked(Rule(rule.level, wider), *claims) == ()


@given(st.sampled_from(AREAS), st.sampled_from(AREAS), st.sampled_from(AREAS))
def test_lying_within_is_an_order(a, b, c):
    assert covers(a, a) and covers("", a)
    assert not (covers(a, b) and covers(b, a)) or a == b
    assert not (covers(a, b) and covers(b, c)) or covers(a, c)
    assert covers(a, b) == (a == "" or a in lineage(b))


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 60_000))
def test_people_get_older_by_one_at_a_time(born, days):
    on = born + days * DAY
    assert age(born, on + DAY) - age(born, on) in (0, 1)
    assert age(born, born) == 0
    assert abs(age(born, on) - days / 365.2425) <= 1.01
