"""Places in addresses: one spelling each, and everything else is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.domain.cursors import MOST, Place, Row

NUMBERS = st.integers(0, MOST)
PLACES = st.builds(Place, NUMBERS, NUMBERS)


@given(PLACES)
def test_a_place_reads_as_it_is_written(place):
    assert Place.parse(str(place)) == place


@given(st.builds(Row, st.booleans(), st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1)))
def test_a_row_reads_as_it_is_written(row):
    assert Row.parse(str(row)) == row


SMALL = st.builds(Place, st.integers(0, 99_999_999), st.integers(0, 99_999_999))


@given(SMALL, SMALL)
def test_the_order_in_a_page_is_that_of_the_text(one, other):
    assert (one < other) == (one.order < other.order)


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.", ".1", "01.1", "1.1.1", "-1.1", "1.1\n", " 1.1", "１.1", "1,1", "9999999999.1"],
)
def test_what_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match="Not a place"):
        Place.parse(text)


@pytest.mark.parametrize("text", ["", "2.1.1", "1.1", "1.01.1", "1.1.1.1", "1.-1.1", "1.1.1\n"])
def test_what_is_no_row_is_refused(text):
    with pytest.raises(ValueError, match="Not a place"):
        Row.parse(text)


@given(st.text())
def test_no_text_breaks_them(text):
    for kind in (Place, Row):
        with suppress(ValueError):
            assert str(kind.parse(text)) == text
