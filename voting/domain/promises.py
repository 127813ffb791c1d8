"""The promise with which a ballot is taken: it will stand in the log by a given minute.

No signing and no clock here; a promise is never stored by who gives it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from voting.domain import base64url, canonical
from voting.domain.fields import hexadecimal, record
from voting.domain.times import minute, parse_minute, round_up_minute

LABEL = b"civic-ballot/1 promise\n"


class Promise(NamedTuple):
    """A parsed promise: ``by`` a written minute, ``leaf`` a hash in hex, ``sig`` 64 bytes."""

    by: str
    leaf: str
    sig: bytes


def deadline(now: datetime, max_delay_s: int) -> str:
    """The minute by which a ballot taken ``now`` stands in the log.

    Whole minutes, so that the time of one ballot does not stand in its promise.

    >>> from datetime import UTC
    >>> deadline(datetime(2026, 11, 2, 8, 0, 30, tzinfo=UTC), 120)
    '2026-11-02T08:03Z'
    """
    return minute(round_up_minute(now + timedelta(seconds=max_delay_s)))


def promise_message(by: str, leaf_hex: str, manifest: str) -> bytes:
    """The bytes that the log's key signs: the label and ``{"by","leaf","manifest"}``."""
    return LABEL + canonical.encode({"by": by, "leaf": leaf_hex, "manifest": manifest})


def promise(by: str, leaf_hex: str, signature: bytes) -> bytes:
    """The promise as the voter gets it, canonical JSON."""
    return canonical.encode({"by": by, "leaf": leaf_hex, "sig": base64url.encode(signature)})


def parse_promise(raw: bytes) -> Promise:
    """Read a promise. Raises ``Refusal`` "canonical" or "fields"; verifies no signature."""
    value = record(canonical.decode(raw), ("by", "leaf", "sig"))
    parse_minute(value["by"])
    return Promise(value["by"], hexadecimal(value["leaf"], 32), base64url.decode(value["sig"], 64))
