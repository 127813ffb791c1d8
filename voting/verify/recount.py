"""Counting the ballots again and comparing with the published result; unused passes.

Each rule's arithmetic is in its own module.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from .choices import is_blank
from .counting.election import Election, Outcome, tie_ranks
from .counting.pairwise import schulze
from .counting.rankings import UNIT, instant_runoff, single_transferable_vote
from .counting.totals import greedy_budget, greedy_budget_without_skipping, most_votes, threshold
from .findings import Report
from .manifest import Manifest

LISTS = ("approval", "budget-approval", "knapsack")
RULES: dict[str, tuple[Callable[[Election], Outcome], tuple[str, ...]]] = {
    "plurality/1": (most_votes, ("plurality", "yesno")),
    "approval/1": (most_votes, LISTS),
    "score/1": (most_votes, ("score",)),
    "cumulative/1": (most_votes, ("cumulative",)),
    "threshold/1": (threshold, ("yesno",)),
    "irv/1": (instant_runoff, ("ranked",)),
    "stv-wig/1": (single_transferable_vote, ("ranked",)),
    "condorcet-schulze/1": (schulze, ("ranked",)),
    "pb-greedy/1": (greedy_budget, (*LISTS, "score", "cumulative")),
    "pb-greedy-noskip/1": (greedy_budget_without_skipping, (*LISTS, "score", "cumulative")),
}


class Tally:
    """All ballots of the log by choice; those refused for another reason are counted apart."""

    def __init__(self) -> None:
        self.ballots = 0
        self.invalid = 0
        self._choices: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def add(self, choice: object, refused: bool) -> None:
        """Take a ballot whose choice is valid; ``refused`` if something else is wrong with it."""
        text = json.dumps(choice, sort_keys=True)
        self._choices[text] += 1
        if refused:
            self._refused[text] += 1

    def all(self) -> list[tuple[Any, int]]:
        """Each different choice with its number of ballots, refused ones among them."""
        return [(json.loads(text), many) for text, many in self._choices.items()]

    def sound(self) -> list[tuple[Any, int]] | None:
        """The same without the refused ballots; None if there are no refused ones."""
        left = self._choices - self._refused
        return [(json.loads(t), many) for t, many in left.items()] if self._refused else None


def count_again(manifest: Manifest, choices: list[tuple[Any, int]]) -> dict[str, Any] | None:
    """The fields of a result leaf that follow from valid ``choices``; None: rule unknown."""
    count, methods = RULES.get(manifest.rule, (None, ()))
    if count is None or manifest.method not in methods:
        return None
    votes = [(choice, many) for choice, many in choices if not is_blank(choice)]
    counted = sum(many for _, many in choices)
    ties = tie_ranks(manifest.sha256, manifest.options)
    outcome = count(
        Election(manifest.options, votes, counted, manifest.params, manifest.costs, ties)
    )
    blank = counted - sum(many for _, many in votes)
    return {
        "blank": blank,
        "counted": counted,
        "detail": outcome.detail,
        "winners": outcome.winners,
    }


def check_results(
    manifest: Manifest, tally: Tally, results: list[tuple[int, dict[str, Any]]], report: Report
) -> None:
    """Compare result leaves, given with their index, with the count made here; the last decides."""
    outcome = count_again(manifest, tally.all())
    if outcome is None:
        sentence = f"Not recounted: {manifest.rule} for {manifest.method} is unknown here."
        report.yellow("recount.unknown", sentence)
    else:
        report.did("recount.unknown", "result.recount")
        report.recount = {"ballots": tally.ballots, "invalid": tally.invalid, **outcome}
        _warn_of_refused(manifest, tally, report)
    for index, leaf in results[:-1]:
        if _differences(leaf, report.recount, manifest):
            sentence = "This earlier result was wrong; a later one replaces it."
            report.yellow("result.earlier", sentence, index)
    for index, leaf in results[-1:]:
        if leaf["rules"] != manifest.rule:
            report.red("result.rule", "The result was counted by another rule.", index)
        wrong = _differences(leaf, report.recount, manifest)
        if wrong:
            sentence = f"Counted again, the result differs in: {', '.join(wrong)}."
            report.red("result.recount", sentence, index)
    report.did("result.rule", "result.earlier")


def check_slack(
    manifest: Manifest, tally: Tally, close: tuple[int, dict[str, Any]], report: Report
) -> None:
    """Compare the closing leaf with the ballots, and unused passes with the margin."""
    index, leaf = close
    if leaf["ballots"] != tally.ballots:
        sentence = f"The closing leaf says {leaf['ballots']} ballots; {tally.ballots} are there."
        report.red("close.count", sentence, index)
    _check_passes(manifest, leaf, index, report)
    slack = leaf["passes"] - tally.ballots
    report.facts["slack"] = slack
    if slack < 0:
        sentence = f"There are {tally.ballots} ballots, but only {leaf['passes']} passes."
        report.red("slack.negative", sentence, index)
    elif slack and (margin := margin_of(report.recount.get("detail"))) <= slack * UNIT:
        sentence = f"Unused passes: {slack}. Margin: {_in_votes(margin)}."
        report.yellow("slack.margin", f"{sentence} The issuer alone could have filled so many.")
    report.did("close.count", "close.passes", "slack.negative", "slack.margin")


def margin_of(detail: object) -> int:
    """The distance of the two highest totals, in ten-thousandths; 0 where a rule has no totals.

    Rules with rounds: of the last round.
    """
    if not isinstance(detail, dict):
        return 0
    rounds = detail.get("rounds")
    last = rounds[-1] if rounds else detail
    totals = sorted(last.get("totals", {}).values(), reverse=True)
    if not totals:
        return 0
    margin: int = totals[0] - (totals[1] if len(totals) > 1 else 0)
    return margin if rounds and "elected" in last else margin * UNIT


def _check_passes(manifest: Manifest, leaf: dict[str, Any], index: int, report: Report) -> None:
    roll = manifest.value["roll"]
    if roll and leaf["passes"] > roll["size"]:
        sentence = f"{leaf['passes']} passes were given to {roll['size']} people on the roll."
        report.red("close.passes", sentence, index)
    most = leaf["ballots"] if manifest.value["assisted"] else 0
    if leaf["assisted"] > most:
        sentence = f"{leaf['assisted']} assisted ballots are more than the {most} there can be."
        report.red("close.passes", sentence, index)


def _warn_of_refused(manifest: Manifest, tally: Tally, report: Report) -> None:
    sound = tally.sound()
    if sound is not None:
        report.recount["without_refused"] = count_again(manifest, sound)


def _differences(leaf: dict[str, Any], recount: dict[str, Any], manifest: Manifest) -> list[str]:
    """The fields in which a result leaf and the recount differ."""
    names = [name for name in recount if name != "without_refused"]
    return [name for name in names if _comparable(leaf[name]) != _comparable(recount[name])]


def _comparable(value: Any) -> str:
    """A text equal for equal values; the order within a round's ``out`` and ``elected`` is free."""
    if isinstance(value, dict) and isinstance(value.get("rounds"), list):
        rounds = [_free_order(step) for step in value["rounds"]]
        value = {**value, "rounds": rounds}
    return json.dumps(value, sort_keys=True)


def _free_order(step: Any) -> Any:
    if not isinstance(step, dict):
        return step
    return {
        name: sorted(map(str, part)) if isinstance(part, list) else part
        for name, part in step.items()
    }


def _in_votes(margin: int) -> str:
    """
    >>> _in_votes(15_000), _in_votes(20_000)
    ('1.5000', '2')
    """
    whole, rest = divmod(margin, UNIT)
    return f"{whole}.{rest:04d}" if rest else str(whole)
