"""What a voter may say under each voting method; everything else is refused with a sentence.

Nothing is repaired: a choice that the count would not count is never taken, so "valid" has one
meaning at the intake and in every recount. Counting itself lives in ``counting``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from voting.domain.refusal import Refusal

DEFAULT_MAX_RANKS = 5


@dataclass(frozen=True)
class _Poll:
    """The part of a manifest that a choice is checked against."""

    params: Mapping[str, object]
    options: Sequence[str]
    costs: Mapping[str, int]

    def limit(self, name: str) -> int | None:
        value = self.params.get(name)
        return value if _is_integer(value) else None


def check_choice(
    choice: object,
    *,
    method: str,
    params: Mapping[str, object],
    options: Sequence[str],
    costs: Mapping[str, int],
) -> None:
    """Refuse every ``choice`` that the poll does not offer (ballots.md, Choices).

    ``options`` are the option ids in manifest order, ``costs`` whole amounts by option id (only
    ``knapsack`` reads them). A limit that ``params`` does not name does not bind, except that
    ``max_ranks`` is then 5 and ``min`` 0. Raises Refusal("choice").

    >>> check_choice(["b", "a"], method="ranked", params={}, options=["a", "b"], costs={})
    >>> check_choice("c", method="plurality", params={}, options=["a", "b"], costs={})
    Traceback (most recent call last):
    voting.domain.refusal.Refusal: This poll has no option “c”.
    """
    check = _CHECKS.get(method)
    if check is None:
        raise _refused(f"There is no voting method “{method}”.")
    check(choice, _Poll(params, options, costs))


def is_blank(choice: object, method: str) -> bool:
    """Whether a valid ``choice`` names nothing: null, ``{}`` or ``[]``, as the method has it.

    >>> is_blank(None, "plurality"), is_blank({}, "score"), is_blank(["a"], "ranked")
    (True, True, False)
    """
    if method in ("plurality", "yesno"):
        return choice is None
    return choice == ({} if method in ("score", "cumulative") else [])


def _check_one(choice: object, poll: _Poll) -> None:
    if choice is not None:
        _check_option(choice, poll)


def _check_approvals(choice: object, poll: _Poll) -> None:
    chosen = _as_list(choice, poll)
    if len(chosen) != len(set(chosen)):
        raise _refused("An option may be named only once.")
    wanted = set(chosen)
    if chosen != [option for option in poll.options if option in wanted]:
        raise _refused("The options must stand in the order in which the poll lists them.")
    most = poll.limit("max_approvals")
    if most is not None and len(chosen) > most:
        raise _refused(f"At most {most} options may be chosen.")


def _check_knapsack(choice: object, poll: _Poll) -> None:
    _check_approvals(choice, poll)
    cost = sum(poll.costs.get(option, 0) for option in _as_list(choice, poll))
    budget = poll.limit("budget")
    if budget is not None and cost > budget:
        raise _refused(f"The chosen projects cost {cost}; the budget is {budget}.")


def _check_ranking(choice: object, poll: _Poll) -> None:
    ranking = _as_list(choice, poll)
    if len(ranking) != len(set(ranking)):
        raise _refused("An option may be ranked only once.")
    most = poll.limit("max_ranks")
    if most is None:
        most = DEFAULT_MAX_RANKS
    if len(ranking) > most:
        raise _refused(f"At most {most} options may be ranked.")


def _check_scores(choice: object, poll: _Poll) -> None:
    least, most = poll.limit("min") or 0, poll.limit("max")
    for number in _as_numbers(choice, poll).values():
        if number < least or (most is not None and number > most):
            raise _refused(
                f"A score must be from {least} to {'any number' if most is None else most}."
            )


def _check_points(choice: object, poll: _Poll) -> None:
    numbers = _as_numbers(choice, poll).values()
    if any(number < 1 for number in numbers):
        raise _refused("An option that is named must get at least 1 point.")
    most = poll.limit("points")
    if most is not None and sum(numbers) > most:
        raise _refused(f"At most {most} points may be given in all.")


def _as_list(choice: object, poll: _Poll) -> list[str]:
    if not isinstance(choice, list):
        raise _refused("The choice must be a list of options.")
    return [_check_option(option, poll) for option in choice]


def _as_numbers(choice: object, poll: _Poll) -> dict[str, int]:
    if not isinstance(choice, dict):
        raise _refused("The choice must give options their numbers.")
    numbers: dict[str, int] = {}
    for option, number in choice.items():
        if not _is_integer(number):
            raise _refused("The number given to an option must be a whole number.")
        numbers[_check_option(option, poll)] = number
    return numbers


def _check_option(option: object, poll: _Poll) -> str:
    if not isinstance(option, str):
        raise _refused("An option must be named by its id.")
    if option not in poll.options:
        raise _refused(f"This poll has no option “{option[:32]}”.")
    return option


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _refused(sentence: str) -> Refusal:
    return Refusal("choice", sentence)


_CHECKS: Mapping[str, Callable[[object, _Poll], None]] = {
    "plurality": _check_one,
    "yesno": _check_one,
    "approval": _check_approvals,
    "budget-approval": _check_approvals,
    "knapsack": _check_knapsack,
    "ranked": _check_ranking,
    "score": _check_scores,
    "cumulative": _check_points,
}
METHODS = tuple(_CHECKS)
