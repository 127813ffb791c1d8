"""What a fact or a gauge may carry: small plain values that a program can compare.

Deliberately absent: nested documents, floats and long texts. They are where names, addresses and
ballots would creep in; what a page needs beyond these it fetches from the thing itself.
"""

import re
from collections.abc import Mapping

MAX_TEXT = 200
MAX_INTEGER = 2**53 - 1  # what every JSON reader holds exactly (RFC 7493 section 2.2)
MAX_FIELDS = 2_000  # more options than any poll's manifest can hold
_KIND = re.compile(r"[a-z]{1,24}(\.[a-z_]{1,35})?", re.ASCII)
_FIELD = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)

Plain = int | str | bool | None


def plain_kind(kind: str) -> str:
    """``kind`` itself if it reads like ``poll.opened`` or, for a gauge, ``tally``; else ValueError.

    >>> plain_kind("poll.opened")
    'poll.opened'
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"Not a kind of news: {kind!r:.80}")
    return kind


def plain_fact(data: Mapping[str, object]) -> dict[str, Plain]:
    """A copy of ``data`` if every value is plain: int, str of at most 200, bool or None.

    Raises ValueError, naming the field; that is a mistake in a service, never a person's.
    """
    return {_field(name): _value(name, value) for name, value in _few(data).items()}


def plain_gauge(data: Mapping[str, object]) -> dict[str, Plain | dict[str, Plain]]:
    """As ``plain_fact``, and a value may be one level of plain values by key (totals by option)."""
    return {
        _field(name): plain_fact(value) if isinstance(value, Mapping) else _value(name, value)
        for name, value in _few(data).items()
    }


def _few(data: Mapping[str, object]) -> Mapping[str, object]:
    if len(data) > MAX_FIELDS:
        raise ValueError(f"More than {MAX_FIELDS} fields")
    return data


def _field(name: object) -> str:
    if not isinstance(name, str) or not _FIELD.fullmatch(name):
        raise ValueError(f"Not the name of a field: {name!r:.80}")
    return name


def _value(name: str, value: object) -> Plain:
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int and abs(value) <= MAX_INTEGER:
        return value
    if type(value) is str and len(value) <= MAX_TEXT:
        return value
    raise ValueError(f"{name} is not a plain value: {type(value).__name__}")
