"""Whom a text names with an @: only people who are there already, and only where it is certain.

Deliberately absent: accounts. Names come with whatever key the caller has for people.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from engage.domain.lookalikes import skeleton

Key = TypeVar("Key", bound=Hashable)
MOST = 20
_AT = re.compile(r"(?<![\w@])@(?=\S)")


def certain(names: Mapping[Key, str]) -> dict[str, Key]:
    """Names that lead to one person: no other name of ``names`` looks alike.

    >>> certain({1: "Ann", 2: "Аnn", 3: "Bob", 4: ""})
    {'Bob': 3}
    """
    looks: dict[str, list[Key]] = {}
    for key, name in names.items():
        looks.setdefault(skeleton(name), []).append(key)
    return {
        name: key for key, name in names.items() if name.strip() and len(looks[skeleton(name)]) == 1
    }


def named_in(text: str, names: Mapping[Key, str]) -> list[Key]:
    """Who of ``names`` is named in ``text``, each once, at most twenty, in order.

    Of names that begin alike the longest counts; one that could be somebody else's names nobody.

    >>> named_in("@Ann Lee, ask @Bob! me@Ann.example", {1: "Ann", 2: "Ann Lee", 3: "Bob"})
    [2, 3]
    """
    known = {name.casefold(): key for name, key in certain(names).items()}
    every = {name.casefold() for name in names.values()}
    lengths = sorted({len(name) for name in every if name}, reverse=True)
    folded = text.casefold()
    found: dict[Key, None] = {}
    for at in _AT.finditer(folded):
        name = next(_standing(folded, at.end(), lengths, every), "")
        if name in known and len(found) < MOST:
            found[known[name]] = None
    return list(found)


def _standing(text: str, start: int, lengths: list[int], names: set[str]) -> Iterator[str]:
    """The names that stand at ``start`` and end there, the longest first."""
    for length in lengths:
        end = start + length
        if text[start:end] in names and not text[end : end + 1].isalnum():
            yield text[start:end]
