"""What can be decided of a text as it stands: the table, and what any row of decisions leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import (
    APPEALABLE,
    NEEDS_WORDS,
    SANCTIONS,
    TABLE,
    TOGETHER,
    Verb,
    after,
    possible,
    taken_back,
    upholds,
)
from engage.moderation.models import Decision

VERBS, STANDINGS = st.sampled_from(Verb), st.sampled_from(Standing)
UNDONE = st.sampled_from([Verb.HIDE, Verb.REMOVE, Verb.RETURN])
ORDER = ["held", "shown", "returned", "hidden", "removed"]
ALL = "approve hide remove return restore move lock unlock silence ban lift"
# Each verb's row: how a held, shown, returned, hidden, removed text stands afterwards.
ROWS = {
    "approve": ["shown", "shown", "shown", None, None],
    "hide": ["hidden", "hidden", "hidden", None, None],
    "remove": ["removed", "removed", "removed", "removed", None],
    "return": ["returned", "returned", None, None, None],
    "restore": [None, None, "shown", "shown", "shown"],
    "move": ["held", "shown", "returned", "hidden", None],
    "lock": ORDER,
    "unlock": ORDER,
    "silence": ORDER,
    "ban": ORDER,
    "lift": ORDER,
}


@pytest.mark.parametrize("verb", ALL.split())
def test_the_table(verb):
    assert [after(Verb(verb), Standing(each)) for each in ORDER] == ROWS[verb]


def test_the_words_are_those_that_are_kept():
    assert [*Verb] == Decision.Verb.values == ALL.split()
    assert set(TABLE) == set(Verb)
    assert set(Standing) == set(ORDER)


@given(VERBS, STANDINGS, st.booleans())
def test_whatever_is_possible_leads_to_a_standing_and_the_rest_to_none(verb, standing, waits):
    stands = after(verb, standing, waits=waits)
    assert stands is None or stands in Standing
    assert (verb in possible(standing, waits=waits)) == (stands is not None)


@given(STANDINGS, st.lists(VERBS, max_size=30))
def test_no_row_of_decisions_leaves_the_table_or_holds_a_text_that_was_looked_at(first, verbs):
    stands = first
    for verb in verbs:
        stands = after(verb, stands) or stands
        assert stands in Standing
    assert stands != Standing.HELD or first == Standing.HELD


@given(st.lists(UNDONE, min_size=1, max_size=6))
def test_restoring_undoes_hiding_removing_and_returning(verbs):
    stands = Standing.SHOWN
    for verb in verbs:
        stands = after(verb, stands) or stands
    assert after(Verb.RESTORE, stands) == Standing.SHOWN


@given(UNDONE, STANDINGS)
def test_a_decision_taken_back_leaves_what_was_before_but_nothing_waits_twice(verb, before):
    if after(verb, before):
        assert taken_back(before) == (Standing.SHOWN if before == Standing.HELD else before)


def test_only_what_waits_is_approved_as_it_stands():
    assert after(Verb.APPROVE, Standing.SHOWN, waits=False) is None
    assert after(Verb.APPROVE, Standing.HELD, waits=False) == Standing.SHOWN


def test_what_takes_something_from_an_author_needs_words_and_can_be_appealed():
    takes = {Verb.HIDE, Verb.REMOVE, Verb.RETURN, Verb.LOCK, Verb.SILENCE, Verb.BAN}
    assert takes == APPEALABLE
    assert takes | {Verb.MOVE} == NEEDS_WORDS
    assert SANCTIONS < NEEDS_WORDS
    assert TOGETHER.isdisjoint(SANCTIONS)
    assert {verb for verb in Verb if upholds(verb)} == NEEDS_WORDS
    assert {verb for verb in Verb if upholds(verb) is None} == {Verb.UNLOCK, Verb.LIFT}
