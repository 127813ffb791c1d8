"""Words of a list, however they are dressed up; innocent ones are let through, in linear time."""

import sys
import unicodedata
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.lookalikes import _LIKE
from engage.moderation.domain.words import Listed, replaced

LIKE = {plain: [c for c in letters if unicodedata.category(c)[0] == "L"]
        for plain, letters in _LIKE.items()}  # fmt: skip
BETWEEN = ["", "\u200b", "\u00ad", "\u2060", "\u0301", "\ufe0f", "\u202e", ".", "-", "*", "_", "…",
           "·", "~", "\u2800", "\u3164", "**", "&shy;", "&#8203;", "&#x200B;"]  # fmt: skip
WORDS = ["idiot", "scoundrel", "Arschloch", "fuck", "Scheiße", "дурак"]
LIST = Listed(WORDS)


def found(text, words=WORDS):
    return [hit.word for hit in Listed(words).hits(text)]


@st.composite
def dressed(draw, word):
    """``word`` as somebody writes it who does not want it to be found."""
    text = ""
    for char in word:
        shapes = [char, char.upper(), *LIKE.get(char.lower(), [])]
        shape = draw(st.sampled_from(shapes))
        numbers = "".join(f"&#{ord(each)};" for each in shape)
        text += draw(st.sampled_from([shape, numbers])) * draw(st.integers(1, 3))
        text += draw(st.sampled_from(BETWEEN))
    return text


@pytest.mark.adversary("E14")
@pytest.mark.parametrize("word", WORDS)
@given(data=st.data())
def test_a_word_is_found_however_it_is_dressed_up(word, data):
    text = data.draw(dressed(word))
    whole = f"You are a {text}, I say."
    hits = LIST.hits(whole)
    assert [hit.word for hit in hits] == [word]
    assert replaced(whole, hits, {word: "person"}).startswith("You are a person")


@pytest.mark.parametrize(
    "text",
    ["i d i o t", "I  D  I  O  T", "you i d i o t !", "such a i d i o t", "id10t", "1d1ot",
     "(idiot)", "@idiot", "idiot's", "non-idiot", "**id**iot", "IDIOT", "ｉｄｉｏｔ", "𝓲𝓭𝓲𝓸𝓽",
     "🄸🄳🄸🄾🅃", "ⓘⓓⓘⓞⓣ", "i\u200bd\u200bi\u200bo\u200bt", "i.d.i.o.t", "idiooooot", "i|d|i|o|t"],
)  # fmt: skip
def test_ways_in_which_people_write_one(text):
    assert found(text) == ["idiot"]


@pytest.mark.parametrize(
    "text",
    ["&#105;diot", "&#x69;diot", "id&shy;iot", "id&ZeroWidthSpace;iot", "&iscr;diot",
     "&#105;&#100;&#105;&#111;&#116;", "i[d](https://a.example)iot", "id[](https://a.example/x)iot",
     "[id](//a)[iot](//b)", "[idiot](https://a.example)", "[x](https://idiot.example)"],
)  # fmt: skip
def test_what_is_typed_another_way_is_read_as_it_is_shown(text):
    assert found(text) == ["idiot"]


def test_what_is_typed_another_way_is_replaced_whole():
    for text in ("an &#105;di&shy;ot!", "an i[d](https://a.example)iot!"):
        assert replaced(text, LIST.hits(text), {"idiot": "person"}) == "an person!"


@pytest.mark.parametrize("text", ["id&amp;iot", "&id;iot", "R&D; iot", "[id](iot", "] (iot) id"])
def test_what_only_looks_like_a_name_of_a_sign_is_read_as_it_is(text):
    assert replaced(text, LIST.hits(text), {}) == text


@pytest.mark.parametrize("text", ["a$$", "A$S", "@ss", "4ss", "a5s", "a.s.s", "assss"])
def test_signs_stand_in_for_letters(text):
    assert found(text, ["ass"]) == ["ass"]


@pytest.mark.parametrize(
    "text",
    ["Scunthorpe", "Penistone", "assess the class", "as soon as", "idiotic", "Essex", "cockpit",
     "Arsenal", "pen is here", "a class act", "glasses", "", " ", "...", "0", "\u200b"],
)  # fmt: skip
def test_innocent_words_are_let_through(text):
    assert found(text, ["cunt", "penis", "ass", "idiot", "sex", "cock", "arse"]) == []


def test_a_repeated_letter_of_the_list_has_to_be_there():
    assert found("as a", ["ass"]) == []
    assert found("boook", ["book"]) == ["book"]


def test_phrases_are_found_across_blanks_of_a_line_and_not_of_two():
    words = ["piece of dirt"]
    assert found("You piece\u200b of   DIRT!", words) == words
    assert found("pieceofdirt", words) == words
    assert found("a piece of\ndirt", words) == []
    assert found("apiece of dirt", words) == []


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=5))
def test_every_text_can_be_searched_for_every_list_and_places_are_right(text, words):
    hits = Listed(words).hits(text)
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.word in words
    assert replaced(text, hits, {}) == text


def test_of_two_in_one_place_one_is_replaced():
    text = "a dirty dog and a dog"
    hits = Listed(["dirty dog", "dog"]).hits(text)
    assert replaced(text, hits, {"dog": "D", "dirty dog": "X"}) == "a X and a D"


@pytest.mark.adversary("F13")
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "ab",
        "a.b.",
        "a b ",
        "a.",
        "a ",
        "$",
        "\u200b",
        "𝓲",
        "ab\n",
        "&#97;",
        "&a",
        "](a)",
        "](",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit):
    listed = Listed(["ab" * 30, "a" * 60, "aa", "a b a b a b", "b" * 40 + "a"])
    listed.hits(unit)

    def calls(length):
        """Counted, not timed: the same on every machine."""
        seen = count()
        sys.setprofile(lambda *_event: next(seen))
        listed.hits((unit * length)[:length])
        sys.setprofile(None)
        return next(seen)

    assert calls(8_000) < 5 * calls(2_000), "four times the text, not its square"
