"""Look-alikes are one; what plainly differs stays two."""

import json
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.lookalikes import mailbox, skeleton
from tests.paths import shared

plain = st.text("abcdefghjkmnopqrstuvwxyz23456789.-", min_size=1)


@given(st.text())
def test_a_skeleton_is_its_own(text):
    assert skeleton(skeleton(text)) == skeleton(text)


@given(plain)
def test_plain_words_that_differ_stay_different(word):
    assert skeleton(word) == word


@given(st.text(string.ascii_letters), st.sampled_from("\u200b\u200d\u00ad\u2060\ufeff\u0301\u0336"))
def test_case_width_and_what_nobody_sees_make_no_difference(word, unseen):
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in word)
    assert skeleton(word) == skeleton(word.upper()) == skeleton(wide) == skeleton(unseen.join(word))


@pytest.mark.adversary("C7")
@pytest.mark.parametrize(
    "twin", ["admin", "Admin", "ádmin", "аdmin", "admin\u200b", "ａｄｍｉｎ", "adm1n"]
)
def test_twins_of_admin_count_as_one(twin):
    assert skeleton(twin) == skeleton("admin")


@pytest.mark.adversary("C7")
def test_every_single_letter_that_looks_like_a_plain_one_counts_as_it():
    listed = json.loads(shared("attacks", "confusables", "confusables.json").read_text())
    for letter in string.ascii_lowercase:
        twins = [each["c"] for each in listed.get(letter, []) if len(each["c"]) == 1]
        letters = [c for c in twins if unicodedata.category(c).startswith("L")]
        differing = {
            unicodedata.normalize("NFKC", c).casefold()
            for c in letters
            if skeleton(c) != skeleton(letter)
        }
        assert len(differing) <= 2, (letter, differing)  # those that look like two plain ones


@given(plain, st.sampled_from(["town.example", "bücher.example", "a..b", "x" * 80, ""]))
def test_what_follows_a_plus_is_the_same_mailbox(local, domain):
    assert mailbox(f"{local}+{local}@{domain}") == mailbox(f"{local}@{domain}")


def test_a_domain_is_one_in_both_its_spellings():
    assert mailbox("ann@bücher.example") == mailbox("ANN@XN--BCHER-KVA.EXAMPLE")
    assert mailbox("ann@bücher.example") != mailbox("ann@town.example")


@given(st.text())
def test_anything_at_all_has_a_key(text):
    assert mailbox(text) == mailbox(text)
