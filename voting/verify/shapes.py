"""Describing which fields an object must have, of which type, and finding the first wrong one.

There are no optional fields but those marked so, and no field too many is forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .text import SAFE_INTEGER, Malformed, decode_base64url

Shape = Callable[[object], bool]


def fields_fault(value: object, shape: Mapping[str, Shape], optional: tuple[str, ...] = ()) -> str:
    """What is wrong with the first field that is missing, unknown or wrong; empty if nothing is."""
    if not isinstance(value, dict):
        return "it is no object"
    for name in value:
        if name not in shape:
            return f"the field {name} is unknown"
    for name, fits in shape.items():
        if name not in value:
            if name not in optional:
                return f"the field {name} is missing"
        elif not fits(value[name]):
            return f"the field {name} is wrong"
    return ""


def is_text(value: object) -> bool:
    """Any string."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """True or false, never 0 or 1."""
    return isinstance(value, bool)


def is_anything(value: object) -> bool:
    """Left to a later check."""
    return True


def is_object(value: object) -> bool:
    """Any object."""
    return isinstance(value, dict)


def integer(low: int, high: int = SAFE_INTEGER) -> Shape:
    """An integer within bounds; true is no integer."""
    return lambda value: type(value) is int and low <= value <= high


def exactly(wanted: object) -> Shape:
    """One value, of its own type."""
    return lambda value: type(value) is type(wanted) and value == wanted


def one_of(*wanted: str) -> Shape:
    """One of some words."""
    return lambda value: isinstance(value, str) and value in wanted


def matching(pattern: str) -> Shape:
    """A string that matches from end to end."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def raw(*lengths: int) -> Shape:
    """Bytes in base64url, of one of the lengths."""
    return lambda value: _length(value) in lengths


def null_or(shape: Shape) -> Shape:
    """Null, or what ``shape`` asks."""
    return lambda value: value is None or shape(value)


def a_list(shape: Shape, low: int = 0, high: int = SAFE_INTEGER) -> Shape:
    """A list of ``low`` to ``high`` things of one shape."""
    return lambda value: (
        isinstance(value, list) and low <= len(value) <= high and all(map(shape, value))
    )


def an_object(shape: Mapping[str, Shape], optional: tuple[str, ...] = ()) -> Shape:
    """An object of just these fields."""
    return lambda value: not fields_fault(value, shape, optional)


def a_map(shape: Shape) -> Shape:
    """An object of any names whose values are of one shape."""
    return lambda value: isinstance(value, dict) and all(map(shape, value.values()))


def _length(value: object) -> int:
    try:
        return len(decode_base64url(value))
    except Malformed:
        return -1
