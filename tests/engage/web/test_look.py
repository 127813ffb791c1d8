import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from engage.web.templatetags import look


def filled(svg):
    """How many dots the path of the filled ones draws: one at its start, one each further unit."""
    path = re.search(r'class="on"[^>]* d="([^"]*)"', svg)[1]
    return sum(int(length) + 1 for length in re.findall(r"h(\d+)\.01", path))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_dot_is_one_in_a_hundred_rounded_down(voted, may_vote):
    expected = min(100, 100 * voted // may_vote) if may_vote else 0
    assert filled(look.dots(voted, may_vote)) == expected == look.percent(voted, may_vote)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_bar_and_its_striped_end_are_as_long_as_said(width, share):
    gained = width * share / 100
    svg = look.bar(width, gained=gained, goal=50)
    kept = float(re.search(r'class="fill" width="([\d.e-]+)%"', svg)[1])
    gain = re.search(r'class="gain" x="[^"]+" width="([\d.e-]+)%"', svg)
    assert kept + (float(gain[1]) if gain else 0) == pytest.approx(width, abs=0.02)
    assert 'x1="50%"' in svg


def test_a_live_bar_names_its_option_and_nothing_else_does():
    assert 'data-live-bar="a-b"' in look.bar(1, live="a-b")
    assert "data-live-bar" not in look.bar(1)
    assert "&quot;" in look.bar(1, live='"')


def test_icons_are_hidden_and_turn_with_the_line_of_reading():
    drawing = Path(finders.find("engage/icons.svg")).read_text()
    assert all(f'id="{name}"' in drawing for name in look.TURNS)
    assert 'class="icon icon--turn" aria-hidden="true"' in look.icon("arrow")
    assert "icon--turn" not in look.icon("check")


def test_a_moment_has_its_weekday_and_the_year_only_where_it_is_another():
    now = timezone.now().replace(month=6, day=12, hour=19, minute=0)
    assert f" {now.year}" not in look.moment(now)
    past = look.moment(datetime(2025, 6, 12, 19, 0, tzinfo=UTC))
    assert ">Thursday 12 June 2025, 20:00</time>" in past
    assert 'datetime="2025-06-12T20:00+01:00"' in past
    with translation.override("de"):
        german = look.moment(datetime(2025, 6, 12, 19, 0, tzinfo=UTC))
    assert ">Donnerstag, 12. Juni 2025, 20:00</time>" in german
    assert look.moment(None) == ""


def test_money_and_codes_as_people_write_them():
    assert look.money(60_000) == "£60,000"
    with translation.override("de"):
        assert look.money(60_000) == "60.000 £"
    assert look.groups("0123456789") == "0123 4567 89"
    assert look.headline("It is chosen.") == "It is chosen"
