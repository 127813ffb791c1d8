"""Reading and writing the exact text of a record: canonical JSON, base64url, printable words.

No file and no rule of voting is known here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from itertools import pairwise
from typing import NoReturn

SAFE_INTEGER = 2**53 - 1
DEEPEST = 64
BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LAST_SIGNS = (SIGNS, "", SIGNS[::16], SIGNS[::4])  # by length modulo 4: which leave no stray bits


class Malformed(ValueError):
    """Text that is not in its one permitted form; the message is a sentence for people."""


def parse_json(raw: bytes) -> object:
    """The value of canonical JSON: RFC 8785 without fractions and beyond-2^53 integers.

    Raises Malformed for anything that would not be written back as exactly ``raw``.

    >>> parse_json(b'{"a":[1,null]}')
    {'a': [1, None]}
    """
    value = loose_json(raw, ordered=True)
    if _dump(value) != raw:
        raise Malformed("The text is not in canonical form.")
    return value


def loose_json(raw: bytes, ordered: bool = False) -> object:
    """The value of JSON in any layout, without duplicate fields; ``ordered`` wants ascending names.

    Raises Malformed; never RecursionError, however deep the nesting.
    """
    hook = _ascending_object if ordered else _distinct_object
    try:
        value: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=hook,
            parse_int=_safe_integer,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed("The text is not JSON in UTF-8.") from None
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _too_deep(value):
        raise Malformed("The text is nested too deeply.")
    return value


def canonical_json(value: dict[str, object]) -> bytes:
    """The canonical form of an object whose names, at every depth, are ASCII."""
    return _dump(value, sort=True)


def decode_base64url(text: object, length: int | None = None) -> bytes:
    """The bytes of unpadded base64url with zero stray bits, of just ``length`` bytes if given.

    >>> decode_base64url("AQI", 2)
    b'\\x01\\x02'
    """
    if not isinstance(text, str) or not BASE64URL.match(text):
        raise Malformed("A value is not base64url without padding.")
    if text[-1:] not in LAST_SIGNS[len(text) % 4]:
        raise Malformed("A base64url value has stray bits or half a byte.")
    raw = binascii.a2b_base64(text.replace("-", "+").replace("_", "/") + "==")
    if length is not None and len(raw) != length:
        raise Malformed(f"A value has {len(raw)} bytes instead of {length}.")
    return raw


def encode_base64url(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64(text: str) -> bytes:
    """The bytes of padded standard base64, refusing every second spelling of the same bytes."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Malformed("A value is not base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise Malformed("A base64 value has stray bits.")
    return raw


def printable(text: object) -> str:
    """``text`` as one line that cannot move a cursor, ring a bell or turn the reading direction."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in str(text)
    )


def _ascending_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """RFC 8785 section 3.2.3: names ascend by UTF-16 code units; equal names are refused."""
    names = [name for name, _ in pairs]
    if not all(map(str.isascii, names)):
        names = [name.encode("utf-16-be", "surrogatepass").hex() for name in names]
    if any(left >= right for left, right in pairwise(names)):
        raise Malformed("The names of an object are not ascending, or one is repeated.")
    return dict(pairs)


def _distinct_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Malformed("A name stands twice in one object.")
    return dict(pairs)


def _too_deep(value: object) -> bool:
    """Whether lists and objects lie more than DEEPEST within each other, without recursion."""
    layer = [value]
    for _ in range(DEEPEST):
        inner: list[object] = []
        for item in layer:
            if isinstance(item, (list, dict)):
                inner.extend(item.values() if isinstance(item, dict) else item)
        layer = inner
    return bool(layer)


def _safe_integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > SAFE_INTEGER:
        raise Malformed("A number is beyond 2^53 - 1.")
    return int(digits)


def _no_fraction(digits: str) -> NoReturn:
    raise Malformed("A number is not a plain integer.")


def _dump(value: object, sort: bool = False) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("The text holds half a surrogate pair.") from None
