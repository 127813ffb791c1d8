from types import SimpleNamespace

import pytest

from tests.voting.verify.forge import example
from voting.verify.choices import choice_fault, is_blank


def test_choices_of_the_worked_example():
    cases = example()["choices"]
    for case in cases:
        manifest = SimpleNamespace(
            method=case["method"],
            params=case["params"],
            options=tuple(case["options"]),
            titles=dict.fromkeys(case["options"], ""),
            costs=case.get("costs", {}),
        )
        assert (choice_fault(case["choice"], manifest) == "") == case["ok"], case
    assert len(cases) == 60


@pytest.mark.parametrize(
    ("choice", "blank"), [(None, True), ([], True), ({}, True), (["a"], False)]
)
def test_blank_choices_choose_nothing(choice, blank):
    assert is_blank(choice) == blank


def test_five_ranks_where_the_poll_does_not_say():
    manifest = SimpleNamespace(
        method="ranked", params={}, options=tuple("abcdef"), titles=dict.fromkeys("abcdef", "")
    )
    assert choice_fault(list("abcde"), manifest) == ""
    assert choice_fault(list("abcdef"), manifest)
