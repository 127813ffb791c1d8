"""The registry: which rules there are, what their texts promise, what is refused."""

import json

import pytest

from tests.paths import shared
from voting.domain.counting import RULES, count, points
from voting.domain.refusal import Refusal
from voting.domain.ties import tie_order


def test_the_rules_of_the_protocol_are_there():
    assert {rule.id: rule.methods for rule in RULES.values()} == {
        "plurality/1": ("plurality", "yesno"),
        "approval/1": ("approval",),
        "irv/1": ("ranked",),
        "stv-wig/1": ("ranked",),
        "pb-greedy/1": ("budget-approval", "knapsack", "cumulative", "score"),
    }
    assert all(key == rule.id for key, rule in RULES.items())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_how_ties_and_blank_ballots_are_treated(rule):
    assert "SHA-256" in rule.text
    assert "blank" in rule.text.lower()
    assert rule.text == " ".join(rule.text.split())


@pytest.mark.parametrize(("rule", "method"), [("irv/2", "ranked"), ("irv/1", "approval")])
def test_a_rule_counts_only_its_own_ballots(rule, method):
    with pytest.raises(Refusal) as refusal:
        count(rule, options=[], ballots=[], params={}, costs={}, method=method, tie_order=[])
    assert refusal.value.code == "rule"


def test_a_ranking_supports_its_first_option_in_a_live_tally():
    assert list(points(["b", "a"], "ranked")) == [("b", 1)]
    assert list(points([], "ranked")) == []


@pytest.mark.parametrize("number", [0, 1])
def test_the_worked_example_is_counted_as_published(number):
    example = json.loads(shared("vectors", "civic-ballot-1.json").read_text())["polls"][number]
    manifest = json.loads(example["manifest"])
    options = [option["id"] for option in manifest["options"]]
    order = tie_order(bytes.fromhex(example["manifest_sha256"]), options)
    assert order == [entry["id"] for entry in example["tie_order"]]
    valid = [voter["choice"] for voter in example["voters"] if voter.get("counts", True)]
    outcome = count(
        manifest["rules"]["id"],
        options=options,
        ballots=[(choice, 1) for choice in valid],
        params=manifest["rules"]["params"],
        costs={},
        method=manifest["method"],
        tie_order=order,
    )
    result = json.loads(example["leaves"][-1])
    assert result["type"] == "result"
    assert vars(outcome) == {key: result[key] for key in vars(outcome)}
