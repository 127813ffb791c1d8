"""Reading decoded JSON strictly: exact field names, exact types, numbers in their range.

Nothing is converted and nothing has a default: a form is right or it is refused.
"""

from collections.abc import Collection
from typing import Any, NoReturn

from voting.domain.canonical import LIMIT
from voting.domain.refusal import Refusal


def refuse(sentence: str) -> NoReturn:
    """Raise ``Refusal("fields", sentence)``."""
    raise Refusal("fields", sentence)


def record(value: object, names: Collection[str], maybe: Collection[str] = ()) -> dict[str, Any]:
    """``value`` as an object with exactly the fields ``names``, and perhaps those in ``maybe``."""
    if not isinstance(value, dict):
        refuse("An object was expected.")
    if not set(names) <= set(value) <= set(names) | set(maybe):
        refuse("A field is missing or unknown.")
    return value


def array(value: object) -> list[Any]:
    """``value`` as an array."""
    return value if isinstance(value, list) else refuse("An array was expected.")


def text(value: object, least: int = 0) -> str:
    """``value`` as a text of at least ``least`` signs."""
    if not isinstance(value, str) or len(value) < least:
        refuse("A text is missing.")
    return value


def flag(value: object) -> bool:
    """``value`` as true or false."""
    return value if isinstance(value, bool) else refuse("True or false was expected.")


def whole(value: object, least: int = -LIMIT, most: int = LIMIT) -> int:
    """``value`` as an integer from ``least`` to ``most``; true is not 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        refuse("A whole number is missing or out of range.")
    return value


def constant(value: object, expected: str | int | bool) -> None:
    """``value`` is exactly ``expected``, of the same type."""
    if type(value) is not type(expected) or value != expected:
        refuse("A field does not have the value that version 1 demands.")


def hexadecimal(value: object, length: int) -> str:
    """``value`` as the lower-case hexadecimal text of ``length`` bytes."""
    if not isinstance(value, str) or len(value) != 2 * length or set(value) - _HEX:
        refuse("A hexadecimal field is not.")
    return value


_HEX = set("0123456789abcdef")
