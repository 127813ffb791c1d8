"""Look-alikes are one; what plainly differs stays two."""

import json
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.lookalikes import mailbox, resembles_office, skeleton
from tests.paths import shared

plain = st.text("abcdefghjklnopqrstuvxyz23456789.-", min_size=1)


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


@pytest.mark.adversary("H4")
def test_hardly_any_sign_passes_for_a_latin_letter_or_a_figure():
    listed = json.loads(shared("attacks", "confusables", "confusables.json").read_text())
    signs = [(plain, twin["c"]) for plain in string.ascii_letters + string.digits
             for twin in listed.get(plain, [])]  # fmt: skip
    missed = [(plain, twin) for plain, twin in signs if skeleton(plain) != skeleton(twin)]
    assert len(signs) > 1_000
    # Greek capitals and the sigma, whose small and large forms look like different letters.
    assert len(missed) <= len(signs) * 0.03, missed


@pytest.mark.adversary("H4")
@pytest.mark.parametrize(
    "name", ["Ann Mayor", "Ann Eddersford", "Parks Town", "Moder Ator", "", "✔"]
)
def test_people_may_be_called_like_an_office_in_part(name):
    assert not resembles_office(name, ["Mayor", "Eddersford", "Town Council"])


@pytest.mark.adversary("H4")
@given(st.sampled_from(["Town Council", "Moderator"]), st.text(max_size=5), st.integers(0, 9))
def test_no_sign_beside_it_hides_an_office(office, more, number):
    signs = "".join(char for char in more if unicodedata.category(char)[0] in "CPSZ")
    assert resembles_office(f"{signs} {office}{number} {signs}", ["Town Council"])


@given(plain, st.sampled_from(["town.example", "bücher.example", "a..b", "x" * 80, ""]))
def test_what_follows_a_plus_is_the_same_mailbox(local, domain):
    assert mailbox(f"{local}+{local}@{domain}") == mailbox(f"{local}@{domain}")


def test_a_domain_is_one_in_both_its_spellings():
    assert mailbox("ann@bücher.example") == mailbox("ANN@XN--BCHER-KVA.EXAMPLE")
    assert mailbox("ann@bücher.example") != mailbox("ann@town.example")


@given(st.text())
def test_anything_at_all_has_a_key(text):
    assert mailbox(text) == mailbox(text)
