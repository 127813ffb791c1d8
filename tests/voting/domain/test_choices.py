"""What a voter may say: the published cases, and laws over random choices."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.domain.counting.polls import OPTIONS, choices
from voting.domain.choices import METHODS, check_choice, is_blank
from voting.domain.refusal import Refusal

COSTS = dict.fromkeys(OPTIONS, 4)
PARAMS = {"max_ranks": 5, "min": -1, "max": 3, "points": 6, "budget": 20}
BLANK = {"plurality": None, "yesno": None, "score": {}, "cumulative": {}}
ids = st.sampled_from([*OPTIONS, "zz", ""])
numbers = st.integers(-3, 9) | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=1)
anything = st.recursive(
    st.none() | ids | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ids, inner, max_size=4),
)


def allowed(choice, method, params=PARAMS, options=tuple(OPTIONS), costs=COSTS):
    try:
        check_choice(choice, method=method, params=params, options=options, costs=costs)
    except Refusal as refusal:
        assert refusal.code == "choice"
        assert refusal.sentence.endswith(".")
        return False
    return True


def test_every_published_case_is_judged_as_published():
    cases = json.loads(shared("vectors", "civic-ballot-1.json").read_text())["choices"]
    assert len(cases) == 60
    for case in cases:
        costs = case.get("costs", {})
        verdict = allowed(case["choice"], case["method"], case["params"], case["options"], costs)
        assert verdict is case["ok"], case


@given(st.sampled_from(METHODS).flatmap(lambda m: st.tuples(st.just(m), choices(m, OPTIONS))))
def test_what_the_method_offers_is_allowed_and_blank_only_if_it_names_nothing(offered):
    method, choice = offered
    assert allowed(choice, method)
    assert is_blank(choice, method) == (not choice)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_has_exactly_one_way_to_be_blank(method):
    for nothing in (None, [], {}):
        blank = nothing == BLANK.get(method, [])
        assert allowed(nothing, method) is blank
        assert is_blank(nothing, method) is blank


@given(anything)
def test_a_choice_is_allowed_or_refused_and_nothing_else_happens(choice):
    assert {allowed(choice, method) for method in METHODS} <= {True, False}


@pytest.mark.parametrize("method", ["approval", "budget-approval", "knapsack"])
@given(chosen=st.lists(st.sampled_from(OPTIONS), max_size=5), most=st.integers(1, 5))
def test_approvals_stand_in_the_polls_order_and_within_the_limit(method, chosen, most):
    fits = chosen == [o for o in OPTIONS if o in chosen] and len(chosen) <= most
    assert allowed(chosen, method, PARAMS | {"max_approvals": most}) is fits


@given(st.permutations(OPTIONS), st.integers(0, 5))
def test_rankings_are_limited_to_five_ranks_where_nothing_else_is_said(ranking, length):
    options = [*OPTIONS, "f"]
    assert allowed(ranking[:length], "ranked", {}, options)
    assert not allowed([*ranking, "f"], "ranked", {}, options)
    assert allowed([*ranking, "f"], "ranked", {"max_ranks": 6}, options)


@pytest.mark.parametrize("number", [True, False, 1.0, "1", None, [1]])
@pytest.mark.parametrize("method", ["score", "cumulative"])
def test_only_whole_numbers_are_numbers(method, number):
    assert not allowed({"a": number}, method)


def test_a_method_that_does_not_exist_allows_nothing():
    assert not allowed(None, "show-of-hands")
