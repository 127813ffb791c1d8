"""What changed between two texts, word by word, for people to read.

Greedy shortest edit script (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986),
with a limit on D: the time is bounded for any two texts, and texts with little in common are
compared by lines or shown one after the other. Deliberately absent: html; templates write it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

MOST_CHANGES = 400
_WORDS = re.compile(r"[^\S\n]*\w+|\n+|[^\w\n]")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")


class Side(StrEnum):
    """Whether a piece stands in both texts, or only in the new or the old one."""

    SAME = "same"
    ADDED = "ins"
    GONE = "del"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other on one side."""

    side: Side
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """The pieces that lead from ``old`` to ``new``; what went stands before what came.

    Those that are not ADDED make up ``old``, those that are not GONE make up ``new``; neighbours
    are never of one side, and no piece is empty.

    >>> [(piece.side.value, piece.text) for piece in changes("a red cat", "a black cat")]
    [('same', 'a'), ('del', ' red'), ('ins', ' black'), ('same', ' cat')]
    """
    for pattern in (_WORDS, _LINES):
        script = _script(pattern.findall(old), pattern.findall(new))
        if script is not None:
            return _pieces(script)
    return _pieces([(Side.GONE, old), (Side.ADDED, new)])


Step = tuple[Side, str]


def _pieces(script: Iterable[Step]) -> list[Piece]:
    """Steps joined to pieces; between two places that stay, what went comes first."""
    pieces = []
    for same, run in groupby(script, lambda step: step[0] is Side.SAME):
        steps = list(run)
        for side in (Side.SAME,) if same else (Side.GONE, Side.ADDED):
            text = "".join(words for of, words in steps if of is side)
            if text:
                pieces.append(Piece(side, text))
    return pieces


def _script(old: Sequence[str], new: Sequence[str]) -> list[Step] | None:
    """The shortest steps from ``old`` to ``new``; None if more than ``MOST_CHANGES`` are needed."""
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    trace = _search(before, after)
    if trace is None:
        return None
    middle = _walk_back(before, after, trace)
    head = [(Side.SAME, word) for word in old[:start]]
    tail = [(Side.SAME, word) for word in old[len(old) - end :]]
    return [*head, *middle, *tail]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    both = zip(old, new, strict=False)
    return next((i for i, (a, b) in enumerate(both) if a != b), min(len(old), len(new)))


Reach = dict[int, int]
"""How far into the old text one comes on each diagonal (old minus new place)."""


def _search(old: Sequence[str], new: Sequence[str]) -> list[Reach] | None:
    """The reaches after 0, 1, 2 … steps, until both texts are read through."""
    reach: Reach = {1: 0}
    trace = []
    for steps in range(min(MOST_CHANGES, len(old) + len(new)) + 1):
        trace.append(dict(reach))
        for k in range(-steps, steps + 1, 2):
            x = reach[k + 1] if _downwards(reach, k, steps) else reach[k - 1] + 1
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            reach[k] = x
            if x >= len(old) and x - k >= len(new):
                return trace
    return None


def _downwards(reach: Reach, k: int, steps: int) -> bool:
    """Whether diagonal ``k`` is reached by a word of the new text, not by one of the old."""
    return k == -steps or (k != steps and reach[k - 1] < reach[k + 1])


def _walk_back(old: Sequence[str], new: Sequence[str], trace: list[Reach]) -> list[Step]:
    x, y = len(old), len(new)
    script: list[Step] = []
    for steps in range(len(trace) - 1, -1, -1):
        reach, k = trace[steps], x - y
        from_k = k + 1 if _downwards(reach, k, steps) else k - 1
        from_x = reach[from_k]
        while x > max(from_x, 0) and y > max(from_x - from_k, 0) and old[x - 1] == new[y - 1]:
            x, y = x - 1, y - 1
            script.append((Side.SAME, old[x]))
        if steps and from_k > k:
            y -= 1
            script.append((Side.ADDED, new[y]))
        elif steps:
            x -= 1
            script.append((Side.GONE, old[x]))
    return script[::-1]
