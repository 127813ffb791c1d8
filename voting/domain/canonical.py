"""Canonical JSON: one value has exactly one sequence of bytes, so that it can be signed.

RFC 8785 without floats: objects, arrays, strings, integers within ±(2^53−1), true, false, null.
There is no lenient reading: what is not already canonical is refused, never repaired.
"""

import json
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Any, NoReturn

from voting.domain.refusal import Refusal

LIMIT = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3)."""

DEPTH = 32
"""Deepest nesting taken; the protocol itself needs six levels."""


def encode(value: object) -> bytes:
    """The canonical bytes of ``value``. Raises ``Refusal("canonical")`` if it has none.

    >>> encode({"b": [1, True, None], "a": "é"})
    b'{"a":"\\xc3\\xa9","b":[1,true,null]}'
    """
    try:
        return "".join(_pieces(value, DEPTH)).encode()
    except UnicodeEncodeError:
        return _refuse("A text holds half of a surrogate pair.")


def decode(raw: bytes) -> Any:
    """The value of canonical bytes: ``encode(decode(raw)) == raw`` for all that is not refused.

    Raises ``Refusal("canonical")`` for anything else whatever: other spacing, other key order,
    a key twice, a float, a byte order mark, invalid UTF-8, nesting deeper than ``DEPTH``.

    >>> decode(b'{"a":1}')
    {'a': 1}
    """
    try:
        value = _READER.decode(raw.decode())
    except (ValueError, RecursionError):
        return _refuse("This is not JSON in UTF-8.")
    if encode(value) != raw:
        _refuse("This JSON is not in canonical form (RFC 8785).")
    return value


def _pieces(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield encode_basestring(value)
    elif value is None or isinstance(value, bool):
        yield {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        yield _integer(value)
    elif depth == 0:
        _refuse("The JSON is nested too deeply.")
    elif isinstance(value, dict):
        yield from _object(value, depth - 1)
    elif isinstance(value, list | tuple):
        yield from _array(value, depth - 1)
    else:
        _refuse("Canonical JSON has no such type.")


def _integer(value: int) -> str:
    if not -LIMIT <= value <= LIMIT:
        _refuse("An integer lies outside ±(2^53−1).")
    return str(int(value))


def _object(value: dict[Any, object], depth: int) -> Iterator[str]:
    if not all(isinstance(name, str) for name in value):
        _refuse("A field's name is not a text.")
    before = "{"
    for name in sorted(value, key=_utf16):
        yield before + encode_basestring(name) + ":"
        yield from _pieces(value[name], depth)
        before = ","
    yield "}" if value else "{}"


def _array(value: list[object] | tuple[object, ...], depth: int) -> Iterator[str]:
    before = "["
    for item in value:
        yield before
        yield from _pieces(item, depth)
        before = ","
    yield "]" if value else "[]"


def _utf16(name: str) -> bytes:
    # RFC 8785 section 3.2.3 sorts by UTF-16 code units: U+1F600 comes before U+FB33 there.
    return name.encode("utf-16-be", "surrogatepass")


def _read_integer(digits: str) -> int:
    # Long before int() would take quadratic time.
    if len(digits) > len(str(-LIMIT)):
        _refuse("An integer lies outside ±(2^53−1).")
    return int(digits)


def _no_float(text: str) -> NoReturn:
    _refuse("Canonical JSON has no fractions, exponents, NaN or Infinity here.")


def _refuse(sentence: str) -> NoReturn:
    raise Refusal("canonical", sentence)


_READER = json.JSONDecoder(parse_int=_read_integer, parse_float=_no_float, parse_constant=_no_float)
