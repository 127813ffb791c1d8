"""Comma-separated values: what goes in comes out, and nothing is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.sheets import cell, sheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_is_a_formula_and_all_of_it_can_still_be_read(text):
    assert not cell(text).startswith(DANGEROUS)
    assert cell(text).removeprefix("'") in (text.replace("\0", "␀"), text.removeprefix("'"))


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2)))
def test_a_sheet_reads_back_as_its_cells(rows):
    read = list(csv.reader(io.StringIO(sheet(["a", "b"], rows), newline="")))
    assert read == [["a", "b"], *([cell(value) for value in row] for row in rows)]


@pytest.mark.adversary("F7")
@pytest.mark.parametrize("start", DANGEROUS)
def test_every_way_to_begin_a_formula_is_put_out(start):
    assert cell(f'{start}HYPERLINK("https://evil.example")')[0] == "'"


@pytest.mark.parametrize(("value", "shown"), [(-3, "-3"), (1.5, "1.5"), (True, "True"), (None, "")])
def test_numbers_stay_numbers(value, shown):
    assert cell(value) == shown
