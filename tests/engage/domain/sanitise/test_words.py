"""Lines, texts, letters and folds: kept as they are seen, refused where they cannot be."""

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.sanitise.fold import folded
from engage.domain.sanitise.letters import graphemes
from engage.domain.sanitise.lines import MOST_MARKS, Unwritable, many_lines, one_line
from tests import payloads

ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=80)
pytestmark = pytest.mark.adversary("E14")

REFUSED = {
    "broken": ("a\x00b", "\ud800", "a\udfff"),
    "turned": ("\u202egnp.exe", "a\u202db"),
    "hidden": ("a\U000e0041\U000e007f", "\U000e0001", "🏴a\U000e0067\U000e007f"),
    "piled": ("Z" + "\u0336\u0489" * 250, "a" + "\u0301" * (MOST_MARKS + 2), "\u0327\u0301" * 900),
    "blank": ("", " ", "\u200b", "\u3164", "\u2800 \u00ad", "\ufeff", "\u115f\u1160", "\u0301", "\u2028"),  # noqa: E501
}  # fmt: skip
KEPT = (
    "Zoë", "👩‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "क्‍ष", "❤️‍🔥", "🧑🏽‍🚒", "ཧྐྵྨླྺྼྻྂ", "שָׁלוֹם", "\u0600123", "<b>&amp;",
    "{{ 7*7 }}", "a - b – c",
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"), [(code, each) for code in REFUSED for each in REFUSED[code]]
)
def test_what_cannot_be_kept_is_refused_with_its_reason(code, text):
    with pytest.raises(Unwritable) as refused:
        one_line(text)
    assert refused.value.code == code
    if code == "blank":
        assert many_lines(text) == ""


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_stays_as_it_is(text):
    assert one_line(text) == many_lines(text) == text


@pytest.mark.parametrize(
    ("typed", "line", "text"),
    [("  a \t b\r\nc ", "a b c", "  a \t b\nc"), ("a\u200bb\ufeff\u00ad", "ab", "ab"),
     ("Zoe\u0308", "Zoë", "Zoë"), ("a\u200db", "ab", "ab"), ("\n\n a\n\n", "a", " a"),
     ("a\u2066b\u2069\u200f", "ab", "ab"), ("a\x1b[31mb\x07", "a[31mb", "a[31mb"),
     ("a\u2028b\x85c", "a b c", "a\nb\nc"), ("a\ufffe\uffff", "a", "a"), ("e\u200b\u0301", "é", "é")],  # noqa: E501
)  # fmt: skip
def test_what_nobody_sees_is_taken_out(typed, line, text):
    assert (one_line(typed), many_lines(typed)) == (line, text)


@given(ANYTHING)
def test_whatever_is_kept_is_kept_as_it_is_from_then_on(text):
    for clean in (one_line, many_lines):
        try:
            kept = clean(text)
        except Unwritable:
            continue
        assert clean(kept) == kept if kept else clean is many_lines
        assert unicodedata.is_normalized("NFC", kept)
        assert kept.encode().decode() == kept
        kinds = {unicodedata.category(char) for char in kept if char not in "\n\t\u200c\u200d"}
        assert not kinds & {"Cc", "Cs"}
        assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def test_of_the_corpora_everything_is_kept_or_refused():
    for text in payloads.attacks():
        try:
            assert "\n" not in one_line(text)
        except Unwritable as refused:
            assert refused.code in REFUSED


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("Zoe\u0308", 3), ("👩‍👩‍👧", 1), ("🇩🇪🇫🇷", 2), ("🇩🇪🇫", 2), ("a" + "\u0301" * 500, 1),
     ("한국어", 3), ("\r\n", 1), ("क्ष", 1), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1)],
)  # fmt: skip
def test_letters_are_counted_as_they_are_seen(text, number):
    assert graphemes(text) == number


@given(st.text(), st.text())
def test_there_are_no_more_letters_than_signs(one, other):
    assert graphemes(one) <= len(one)
    assert graphemes(one + other) <= graphemes(one) + graphemes(other)


@pytest.mark.adversary("H6")
@given(
    st.text("abcdefghijklmnopqrstuvwxyz 0123456789", min_size=1),
    st.sampled_from(["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u0301", " ", ".", "!", "\u202e"]),  # noqa: E501
    st.data(),
)  # fmt: skip
def test_copies_fold_together_whatever_is_slipped_into_them(text, sign, data):
    twins = str.maketrans({"a": "а", "e": "е", "o": "ο", "c": "с", "p": "р", "x": "х", "i": "і"})
    place = data.draw(st.integers(0, len(text)))
    copy = text[:place].translate(twins) + sign + text[place:].upper()
    if folded(text).isalnum():
        assert folded(copy) == folded(text)


@pytest.mark.adversary("H6")
@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("12", "13"), ("👍", "👎"), ("да", "нет")])
def test_other_texts_stay_apart(one, other):
    assert folded(one) != folded(other)


@given(ANYTHING)
def test_a_fold_is_its_own(text):
    assert folded(folded(text)) == folded(text)


UNITS = ("a", "a\u0301", "👩‍", "ﷺ", "🇩", "🏴", "🏴\U000e0067", "\U000e0067", "\u0600", "\u200d", "न\u200d",  # noqa: E501
         "\n", "\r", "\u0301", "\u0327\u0301", "न्", "ᄀ", "\u202e", " ", "rn", "І")  # fmt: skip


@pytest.mark.adversary("E12")
@pytest.mark.parametrize("unit", UNITS, ids=ascii)
@pytest.mark.parametrize("clean", [graphemes, many_lines, one_line, folded])
def test_work_grows_with_the_length_and_no_faster(clean, unit):
    """100,000 letters within a second; what takes the square of the length takes minutes."""
    begun = time.process_time()
    with suppress(Unwritable):
        clean(unit * (20_000 if unit == "ﷺ" else 100_000 // len(unit)))
    assert time.process_time() - begun <= 1
