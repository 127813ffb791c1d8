"""Whether a choice is one that a poll's method allows: the only meaning of a valid ballot.

How choices are counted is the matter of the counting modules.
"""

from __future__ import annotations

from .manifest import Manifest

DEFAULT_RANKS = 5


def choice_fault(choice: object, manifest: Manifest) -> str:
    """Why ``choice`` is not allowed, as a sentence; empty if it is.

    plurality and yesno: an id or null; score and cumulative: an object; all others: a list of ids.
    """
    method = manifest.method
    if method in ("plurality", "yesno"):
        return _single_fault(choice, manifest)
    if method == "score":
        low, high = manifest.params.get("min", 0), manifest.params["max"]
        return _points_fault(choice, manifest, low, high)
    if method == "cumulative":
        return _cumulative_fault(choice, manifest)
    if method == "ranked":
        return _ranking_fault(choice, manifest)
    return _approval_fault(choice, manifest)


def is_blank(choice: object) -> bool:
    """Whether a valid choice chooses nothing: null, the empty list or the empty object."""
    return choice is None or choice == [] or choice == {}


def _single_fault(choice: object, manifest: Manifest) -> str:
    if choice is None or (isinstance(choice, str) and choice in manifest.titles):
        return ""
    return "The choice is neither an option nor blank."


def _ids_fault(choice: object, manifest: Manifest) -> str:
    if not isinstance(choice, list):
        return "The choice is no list."
    if not all(isinstance(item, str) and item in manifest.titles for item in choice):
        return "The choice names something that is no option."
    if len(set(choice)) != len(choice):
        return "The choice names an option twice."
    return ""


def _ranking_fault(choice: object, manifest: Manifest) -> str:
    fault = _ids_fault(choice, manifest)
    if fault or not isinstance(choice, list):
        return fault
    too_long = len(choice) > manifest.params.get("max_ranks", DEFAULT_RANKS)
    return "The choice has too many ranks." if too_long else ""


def _approval_fault(choice: object, manifest: Manifest) -> str:
    fault = _ids_fault(choice, manifest)
    if fault or not isinstance(choice, list):
        return fault
    if [option for option in manifest.options if option in set(choice)] != choice:
        return "The options chosen are not in the manifest's order."
    if len(choice) > manifest.params.get("max_approvals", len(choice)):
        return "The choice names too many options."
    if manifest.method != "knapsack":
        return ""
    cost = sum(manifest.costs[option] for option in choice)
    return "The choice costs more than the budget." if cost > manifest.params["budget"] else ""


def _points_fault(choice: object, manifest: Manifest, low: int, high: int) -> str:
    if not isinstance(choice, dict):
        return "The choice is no object."
    if not all(option in manifest.titles for option in choice):
        return "The choice names something that is no option."
    if not all(type(points) is int and low <= points <= high for points in choice.values()):
        return "The choice gives points that are not allowed."
    return ""


def _cumulative_fault(choice: object, manifest: Manifest) -> str:
    points = manifest.params["points"]
    fault = _points_fault(choice, manifest, 1, points)
    if fault or not isinstance(choice, dict):
        return fault
    return "The choice gives too many points." if sum(choice.values()) > points else ""
