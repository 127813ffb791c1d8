"""When somebody hears of a post, once and together; whom a text names; how a text is quoted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.lookalikes import skeleton
from forums.domain.digests import MORNING, News, Pace, Why, due, grouped, reasons
from forums.domain.naming import MOST, certain, named_in
from forums.domain.quoting import excerpt, one_line, plain, quoted, seen
from forums.models import Follow, Notice
from tests.forums.payloads import everything

ZONES = ("Europe/London", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kolkata")
BOUNDS = datetime(2011, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  given a zone below
NOW = st.datetimes(*BOUNDS, timezones=st.just(UTC))


def test_the_words_are_those_of_the_tables():
    assert {*Pace} == {*Follow.Pace.values}
    assert {*Why} == {*Notice.Why.values}


@given(NOW, st.sampled_from(ZONES))
def test_a_morning_is_seven_o_clock_in_the_town_and_still_to_come(now, name):
    zone = ZoneInfo(name)
    for pace, most in (("daily", 1), ("weekly", 7)):
        found = due(pace, now, zone)
        assert found.astimezone(zone).time() == MORNING
        assert now < found <= now + timedelta(days=most + 1, hours=2)
        assert pace == "daily" or found.astimezone(zone).weekday() == 0
        again = due(pace, found - timedelta(microseconds=1), zone)
        assert again == found  # whoever is noted later in the same time hears at the same time


@given(NOW)
def test_now_is_within_a_minute_and_silent_is_never(now):
    assert now < due("now", now, UTC) <= now + timedelta(minutes=1)
    assert due("silent", now, UTC) is None


@pytest.mark.parametrize(
    ("now", "daily"),
    [
        ("2026-03-28T06:30+00:00", "2026-03-28T07:00+00:00"),
        ("2026-03-28T07:00+00:00", "2026-03-29T06:00+00:00"),  # the clocks go forward
        ("2026-10-24T07:00+00:00", "2026-10-25T07:00+00:00"),  # and back
        ("2026-12-31T23:59+00:00", "2027-01-01T07:00+00:00"),
    ],
)
def test_days_in_which_the_clocks_change(now, daily):
    found = due("daily", datetime.fromisoformat(now), ZoneInfo("Europe/London"))
    assert found == datetime.fromisoformat(daily)


PEOPLE = st.sets(st.integers(0, 6))


@given(st.integers(0, 6), PEOPLE, PEOPLE, PEOPLE, PEOPLE)
def test_everybody_hears_once_for_what_concerns_them_most(author, one, two, three, four):
    found = reasons(author, mentioned=one, answered=two, official=three, followed=four)
    assert set(found) == (one | two | three | four) - {author}
    for person, why in found.items():
        order = [person in those for those in (one, two, three, four)]
        assert list(Why)[order.index(True)] == why


NEWS = st.builds(News, st.integers(1, 4), st.integers(1, 9), st.integers(1, 9), st.just("followed"))


@given(st.lists(NEWS))
def test_a_digest_has_every_post_once_by_thread_and_in_order(news):
    news = [News(each.post % 3, each.post, each.post, each.why) for each in news]
    groups = grouped(news)
    posts = [each.post for group in groups for each in group]
    assert sorted(posts) == sorted({each.post for each in news})
    for group in groups:
        assert len({each.thread for each in group}) == 1
        assert [each.number for each in group] == sorted(each.number for each in group)
    assert len({group[0].thread for group in groups}) == len(groups)


@given(st.dictionaries(st.integers(), st.text(max_size=8), max_size=6), st.text(max_size=40))
def test_a_name_that_could_be_somebody_else_names_nobody(names, text):
    for key in named_in(text + "".join(f" @{name} " for name in names.values()), names):
        alike = [each for each in names.values() if skeleton(each) == skeleton(names[key])]
        assert len(alike) == 1


def test_names_are_found_where_they_stand_alone():
    names = {1: "Ann", 2: "Ann Lee", 3: "Bob", 4: "Jürgen Groß", 5: "Аdmin", 6: "Admin"}
    assert named_in("Dear @ann lee and @BOB,", names) == [2, 3]
    assert named_in("(@Jürgen Gross) @Annabel me@Bob @ Bob @Admin", names) == [4]
    assert named_in("@Bob @Bob @Bob", names) == [3]
    assert certain(names).keys() == {"Ann", "Ann Lee", "Bob", "Jürgen Groß"}


def test_at_most_twenty_are_named():
    names = {number: f"Person {chr(97 + number) * 3}" for number in range(26)}
    assert len(named_in(" ".join(f"@{name}" for name in names.values()), names)) == MOST


@pytest.mark.adversary("E1")
@given(st.text() | st.sampled_from(["\r", "\u2028-- \u2028", "\x85https://evil.example"]))
def test_no_line_of_a_quotation_passes_for_one_of_ours(text):
    for line in quoted(text).splitlines():
        assert line.startswith(">")


@pytest.mark.adversary("F8")
def test_subjects_are_one_line_of_what_can_be_seen():
    for text in everything():
        line = one_line(text)
        assert line.isprintable() or "\u200d" in line or "\u200c" in line or not line.isascii()
        assert len(line.splitlines()) <= 1
        assert not set(line) & set("\r\n\x0b\x0c\x1c\x85\u2028\u2029\u202e")


@given(st.text(), st.integers(1, 50))
def test_an_excerpt_is_never_longer_and_a_beginning(text, most):
    found = excerpt(text, most)
    assert len(found) <= most
    assert text.startswith(found.removesuffix("…").rstrip()) or found == text


@given(st.text())
def test_what_is_seen_holds_nothing_that_is_not(text):
    assert seen(seen(text)) == seen(text)
    assert not set(seen(text)) & set("\x00\x08\x1b\u202e\u2066\ufeff\ufffe\uffff\ud800")


def test_html_as_words():
    assert plain("<h3>One</h3><p>two &amp; <em>th</em>ree<br>four</p>") == "One two & three four"
