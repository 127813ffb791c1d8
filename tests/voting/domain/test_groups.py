"""Counts by group: nothing under five can be read or subtracted, now or over time."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain.groups import LEAST, Group, shown

NAMES = ("a", "b", "c", "d")
steps = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9))
histories = st.lists(steps, max_size=30)


def tables(history, nested=False):
    """(what is counted, what is shown) after each step."""
    cells, table = dict.fromkeys(NAMES, 0), ()
    for step in history:
        cells = {name: cells[name] + step.get(name, 0) for name in NAMES}
        table = shown(table, cells, nested=nested)
        yield cells, table


@given(histories, st.booleans())
def test_every_group_that_is_shown_has_five_people_and_every_cell_one_place(history, nested):
    for _cells, table in tables(history, nested):
        assert all(group.count >= LEAST for group in table)
        assert not table or [name for group in table for name in group.cells] == list(NAMES)


@given(histories, st.booleans())
def test_no_two_tables_differ_by_fewer_than_five_people_anywhere(history, nested):
    """Later tables only split groups, so these are all the sums that two of them share."""
    told = [table for _cells, table in tables(history, nested) if table]
    for before, after in itertools.combinations(told, 2):
        now = {name: group for group in after for name in group.cells}
        for group in before:
            inside = {now[name] for name in group.cells}
            assert {name for part in inside for name in part.cells} == {*group.cells}
            gained = sum(part.count for part in inside) - group.count
            assert gained == 0 or gained >= LEAST


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3), st.booleans())
def test_whoever_knows_the_rule_and_the_total_cannot_tell_a_hidden_cell(counts, nested):
    """Every table fits several counts, which differ in every cell that is not shown alone."""
    table, total = shown((), dict(zip("abc", counts, strict=True)), nested=nested), sum(counts)
    alone = {group.cells[0] for group in table if len(group.cells) == 1}
    others = [
        (a, b, total - a - b)
        for a in range(total + 1)
        for b in range(total - a + 1)
        if shown((), {"a": a, "b": b, "c": total - a - b}, nested=nested) == table
    ]
    if total:
        for place, name in enumerate("abc"):
            assert name in alone or len({other[place] for other in others}) > 1


@given(st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_nested_groups_stay_hidden_though_the_sum_of_all_but_the_first_is_known(counts):
    """That many were helped stands in the public log; who on paper and who by phone is hidden."""
    cells = dict(zip(("self", "paper", "phone"), counts, strict=True))
    table = shown((), cells, nested=True)
    cut = {group.cells for group in table}
    assert cut in (
        set(),
        {("self", "paper", "phone")},
        {("self",), ("paper", "phone")},
        {("self",), ("paper",), ("phone",)},
    )


@given(histories)
def test_what_is_shown_is_a_recount_of_some_moment_and_the_same_twice(history):
    seen = [dict.fromkeys(NAMES, 0)]
    for cells, table in tables(history):
        seen.append(cells)
        assert shown(table, cells) == table
        assert not table or any(
            all(group.count == sum(then[name] for name in group.cells) for group in table)
            for then in seen
        )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0), ()),
        ((1, 2, 1), ()),
        ((5, 0, 0), (Group(("a", "b", "c"), 5),)),
        ((4, 5, 5), (Group(("a", "b"), 9), Group(("c",), 5))),
        ((5, 4, 1), (Group(("a",), 5), Group(("b", "c"), 5))),
        ((412, 38, 7), (Group(("a",), 412), Group(("b",), 38), Group(("c",), 7))),
    ],
)
def test_first_tables(counts, expected):
    assert shown((), dict(zip("abc", counts, strict=True))) == expected


def test_what_shrank_leaves_the_table_as_it_was():
    table = shown((), {"a": 9, "b": 9})
    assert shown(table, {"a": 20, "b": 8}) == table
