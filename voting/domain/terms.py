"""Which counting rules, methods and parameters go together in protocol 1.

Only the form of the terms: how a rule counts is ``voting.domain.counting``, what a voter may
choose is ``voting.domain.choices``.
"""

from collections.abc import Callable

from voting.domain.fields import array, flag, record, refuse, text, whole

RULE_METHODS: dict[str, tuple[str, ...]] = {
    "plurality/1": ("plurality", "yesno"),
    "threshold/1": ("yesno",),
    "approval/1": ("approval",),
    "irv/1": ("ranked",),
    "stv-wig/1": ("ranked",),
    "condorcet-schulze/1": ("ranked",),
    "score/1": ("score",),
    "cumulative/1": ("cumulative",),
    "pb-greedy/1": ("budget-approval", "knapsack", "cumulative", "score"),
    "pb-greedy-noskip/1": ("budget-approval", "knapsack", "cumulative", "score"),
    "pb-mes-add1/1": ("budget-approval", "knapsack"),
}
"""Every rule of the protocol with the methods it counts."""

_REQUIRED = {
    "score": {"min", "max"},
    "cumulative": {"points"},
    "threshold/1": {"quorum", "share"},
}
_OPTIONAL = {
    "approval": {"max_approvals"},
    "budget-approval": {"max_approvals"},
    "knapsack": {"max_approvals"},
    "ranked": {"max_ranks"},
    "irv/1": {"batch", "first_out"},
}


def check_rule(rule: str, method: str) -> None:
    """``rule`` is one of protocol 1 and counts ``method``. Raises ``Refusal("fields")``."""
    if method not in RULE_METHODS.get(rule, ()):
        refuse("This rule does not count ballots of this method.")


def check_params(value: object, rule: str, method: str) -> None:
    """The parameters are those of the rule and method, each in its range; none is invented.

    >>> check_params({"seats": 2}, "stv-wig/1", "ranked")
    """
    spends, passes = spends_budget(rule), rule == "threshold/1"
    required = _REQUIRED.get(method, set()) | _REQUIRED.get(rule, set())
    optional = _OPTIONAL.get(method, set()) | _OPTIONAL.get(rule, set())
    budget = {"budget"} if spends else set()
    seats = set() if spends or passes else {"seats"}
    params = record(value, required | budget, optional | seats)
    for name, content in params.items():
        _FORMS[name](content)
    if "max" in params and params["min"] >= params["max"]:
        refuse("The smallest score is not below the largest.")


def spends_budget(rule: str) -> bool:
    """Whether the rule spends a budget: then every option has a cost, otherwise none has."""
    return rule.startswith("pb-")


def _positive(value: object) -> None:
    whole(value, 1)


def _natural(value: object) -> None:
    whole(value, 0)


def _ids(value: object) -> None:
    for option in array(value):
        text(option, 1)


def _share(value: object) -> None:
    if len(array(value)) != 2:
        refuse("A share is a numerator and a denominator.")
    numerator, denominator = array(value)
    # Strictly more than the whole cannot be reached by any vote.
    whole(numerator, 0, whole(denominator, 1) - 1)


_FORMS: dict[str, Callable[[object], object]] = {
    "seats": _positive,
    "max_approvals": _positive,
    "max_ranks": _positive,
    "min": whole,
    "max": whole,
    "budget": _natural,
    "points": _positive,
    "quorum": _natural,
    "share": _share,
    "batch": flag,
    "first_out": _ids,
}
