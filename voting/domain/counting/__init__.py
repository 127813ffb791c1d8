"""The counting rules, one module each, and the one function that applies them.

Nothing is read or written here and no ballot is checked: choices come in that
``choices.check_choice`` has passed.
"""

from collections.abc import Iterable, Mapping, Sequence

from voting.domain.counting import approval, irv, pb_greedy, plurality, stv_wig
from voting.domain.counting.grouping import group
from voting.domain.counting.outcome import Outcome, Rule, Setting
from voting.domain.counting.totals import points, tally
from voting.domain.refusal import Refusal

__all__ = ["RULES", "Outcome", "Rule", "count", "points", "tally"]

RULES: dict[str, Rule] = {
    module.RULE.id: module.RULE for module in (plurality, approval, irv, stv_wig, pb_greedy)
}


def count(
    rule: str,
    *,
    options: Sequence[str],
    ballots: Iterable[tuple[object, int]],
    params: Mapping[str, object],
    costs: Mapping[str, int],
    method: str,
    tie_order: Sequence[str],
) -> Outcome:
    """The outcome of valid ``ballots``, given as (choice, how many ballots made it).

    Neither the order of the ballots nor how they are grouped matters. ``options`` are in manifest
    order; ``tie_order`` is ``ties.tie_order`` of the same options. Raises Refusal("rule") for an
    unknown rule, or one that does not go with the method.

    >>> count("plurality/1", options=["a", "b"], ballots=[("b", 2), (None, 1)], params={},
    ...       costs={}, method="plurality", tie_order=["a", "b"])
    Outcome(counted=3, blank=1, winners=['b'], detail={'totals': {'a': 0, 'b': 2}})
    """
    chosen = RULES.get(rule)
    if chosen is None or method not in chosen.methods:
        raise Refusal("rule", f"Ballots of the method “{method}” cannot be counted by “{rule}”.")
    groups = group(ballots)
    counted = sum(many for _, many in groups)
    named = [(choice, many) for choice, many in groups if choice]
    setting = Setting(options, params, costs, method, tie_order)
    winners, detail = chosen.decide(setting, named, counted)
    return Outcome(counted, counted - sum(many for _, many in named), winners, detail)
