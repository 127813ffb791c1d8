"""What changed between two texts: applying it gives both back, and it never takes long."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.domain.changes import Side, changes

FEW = st.lists(st.sampled_from(["a", "b", "the ", "tree", " ", "\n", "\n\n", ", ", "ü", "🌳"]))
TEXTS = st.one_of(st.text(), FEW.map("".join))


def side(pieces, *sides):
    return "".join(piece.text for piece in pieces if piece.side in sides)


@given(TEXTS, TEXTS)
def test_the_pieces_give_both_texts_back(old, new):
    pieces = changes(old, new)
    assert side(pieces, Side.SAME, Side.GONE) == old
    assert side(pieces, Side.SAME, Side.ADDED) == new
    assert all(piece.text for piece in pieces)
    assert all(a.side != b.side for a, b in pairwise(pieces))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text):
    assert {piece.side for piece in changes(text, text)} <= {Side.SAME}


@given(FEW.map("".join), FEW.map("".join))
def test_what_both_have_at_the_ends_stays(old, new):
    pieces = changes(f"Before. {old}", f"Before. {new}")
    assert pieces[0].side is Side.SAME
    assert pieces[0].text.startswith("Before")


def test_single_words_are_told_apart():
    pieces = changes("Plant three old trees.\nWater them.", "Plant two trees.\nWater them daily.")
    assert [(piece.side.value, piece.text) for piece in pieces] == [
        ("same", "Plant"),
        ("del", " three old"),
        ("ins", " two"),
        ("same", " trees.\nWater them"),
        ("ins", " daily"),
        ("same", "."),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 10_000, "b " * 10_000),
        ("a " * 10_000, "a b " * 5_000),
        ("ab " * 6_000, "ba " * 6_000),
        ("\n".join("ab" * 5_000), "\n".join("ba" * 5_000)),
        ("!" * 20_000, "?" * 20_000),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 20_000))), "!? " * 6_600),
    ],
)
def test_no_two_texts_take_long(old, new):
    begun = time.process_time()
    pieces = changes(old[:20_000], new[:20_000])
    assert time.process_time() - begun < 1
    assert side(pieces, Side.SAME, Side.GONE) == old[:20_000]


def test_one_word_in_a_long_text_is_found():
    words = [f"word{i}" for i in range(2_500)]
    changed = [*words[:1_200], "other", *words[1_201:]]
    pieces = changes(" ".join(words), " ".join(changed))
    gone = [piece.text for piece in pieces if piece.side is Side.GONE]
    assert gone == [" word1200"]
