"""The standing of a running poll: one number an option, from what is in the log so far.

For ranked ballots these are first places only; who wins is said by the count at the end.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def standing(
    method: str, options: Sequence[str], choices: Iterable[tuple[str, int]]
) -> dict[str, int]:
    """Option id -> ballots (first places for ranked, points for score and cumulative).

    ``choices`` are pairs of canonical JSON and how many ballots said so; every option appears.

    >>> standing("ranked", ["a", "b"], [('["b","a"]', 2), ("[]", 1)])
    {'a': 0, 'b': 2}
    """
    totals = dict.fromkeys(options, 0)
    for text, ballots in choices:
        for option, weight in _weights(method, json.loads(text)).items():
            totals[option] += weight * ballots
    return totals


def _weights(method: str, choice: Any) -> Mapping[str, int]:
    if not choice:
        return {}
    if isinstance(choice, str):
        return {choice: 1}
    if isinstance(choice, dict):
        return choice
    return {choice[0]: 1} if method == "ranked" else dict.fromkeys(choice, 1)
