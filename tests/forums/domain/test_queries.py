"""What is typed into the search field: any text is taken apart, and hits are pieces of texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.domain import digests, naming, queries, quoting
from forums.domain.queries import MOST_TERMS, highlighted, parse, words_of
from tests.forums.domain.test_doctests import test_examples as examples_of
from tests.forums.payloads import everything

TEXTS = st.text() | st.text(alphabet="ab \"-*\\'\x00():ÄßŁ\u0301😀")


@pytest.mark.parametrize("module", [queries, digests, naming, quoting])
def test_examples_hold(module):
    examples_of(module)


@given(TEXTS)
def test_any_text_is_a_question(text):
    query = parse(text)
    for term in (*query.wanted, *query.unwanted):
        assert term.words
        assert all(any(char.isalnum() for char in word) for word in term.words)
        assert not set(term.text) & set("\"'\\*:()^-+\x00")
    assert len(query.wanted) <= MOST_TERMS


@pytest.mark.adversary("F6")
@pytest.mark.adversary("E8")
def test_every_payload_is_a_question():
    for text in everything():
        query = parse(text)
        assert not set("".join(t.text for t in (*query.wanted, *query.unwanted))) & set("\"'\\*:()")


def test_words_rows_and_what_must_not_be_there():
    query = parse('  Bench, -dog "by the river" -"no way" ')
    assert [(term.text, term.row) for term in query.wanted] == [
        ("Bench", False), ("by the river", True),
    ]  # fmt: skip
    assert [term.text for term in query.unwanted] == ["dog", "no way"]


@pytest.mark.parametrize("text", ["", " ", '"', '""', "-", "- -", "*", "-dog", '-"a b"', "😀", "…"])
def test_without_a_word_that_should_be_there_nothing_is_asked(text):
    assert not parse(text)


def test_words_of_other_scripts_keep_their_marks():
    assert words_of("नमस्ते दुनिया") == ["नमस्ते", "दुनिया"]
    assert words_of("Straße/Ecke, „Łódź“") == ["Straße", "Ecke", "Łódź"]


@given(st.text(max_size=600), TEXTS, st.integers(1, 400))
def test_an_excerpt_is_a_piece_of_the_text(text, asked, width):
    found = highlighted(text, parse(asked), width)
    whole = "".join(segment.text for segment in found.segments)
    assert whole in text
    assert len(whole) <= width
    assert (found.before, found.after) == (
        not text.startswith(whole) or found.before, found.after,
    )  # fmt: skip
    assert found.before or text.startswith(whole)
    assert found.after or text.endswith(whole)


@given(st.lists(st.sampled_from("bench river dog Bäume 3 by".split()), min_size=1, max_size=80))
def test_every_hit_is_marked_and_the_first_is_in_sight(words):
    text = " ".join(words)
    found = highlighted(text, parse("river"))
    assert any(segment.hit for segment in found.segments) == ("river" in words)
    assert {segment.text for segment in found.segments if segment.hit} <= {"river"}


@pytest.mark.parametrize(
    ("asked", "word", "hit"),
    [
        ("bench", "Benches", True), ("benches", "bench", True), ("tree", "trees", True),
        ("baum", "Bäume", True), ("Bäume", "Baum", True), ("a", "an", False),
        ("bus", "business", True), ("dog", "cat", False), ("playground", "play", False),
    ],
)  # fmt: skip
def test_what_readers_take_for_a_word_is_marked(asked, word, hit):
    (segment,) = highlighted(word, parse(asked)).segments
    assert segment.hit == hit


@pytest.mark.adversary("F13")
@pytest.mark.parametrize(
    "text",
    ['"' * 50_000, "- " * 25_000, "a" * 50_000, '-"a' * 16_000, "@" * 50_000, "@a " * 16_000,
     "\r\n" * 25_000, '<a href="/' * 5_000, "<a " * 16_000, "\u0301" * 50_000, "ſß" * 25_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_no_text_takes_long(text):
    start = time.process_time()
    query = parse("river bench " + text)
    highlighted(text, query)
    quoting.quoted(text)
    quoting.with_origin(text, "https://town.example")
    quoting.excerpt(text, 100)
    naming.named_in(text, {number: f"Ann {number}" for number in range(200)})
    assert time.process_time() - start < 1
