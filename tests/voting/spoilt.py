"""Ballots that no box may take, each with the code of its refusal."""

import json
from collections.abc import Callable

from voting.client import Voter
from voting.crypto import p256
from voting.domain import base64url, canonical
from voting.domain.ballots import signed_leaf, signed_message


def changed(raw, **fields):
    """A ballot with fields replaced, canonical again; None takes one away."""
    value = {**json.loads(raw), **fields}
    return canonical.encode({name: each for name, each in value.items() if each is not None})


def bit_flipped(raw, field):
    body = bytearray(base64url.decode(json.loads(raw)[field]))
    body[-1] ^= 1
    return changed(raw, **{field: base64url.encode(bytes(body))})


def resigned(voter, **fields):
    """A ballot whose signature fits although its fields were changed."""
    value = {**json.loads(voter.ballot("a")), **fields}
    del value["sig"]
    return signed_leaf(value, p256.sign(voter.secret, signed_message(value)))


# What is wrong -> the code of the refusal, and how to spoil ``raw``, the ballot of ``voter``;
# ``other`` is a good ballot of another poll.
SPOILT: dict[str, tuple[str, Callable[[bytes, Voter, bytes], bytes]]] = {
    "nothing": ("canonical", lambda raw, voter, other: b""),
    "not UTF-8": ("canonical", lambda raw, voter, other: b"\xff" + raw),
    "a byte order mark": ("canonical", lambda raw, voter, other: b"\xef\xbb\xbf" + raw),
    "a space": ("canonical", lambda raw, voter, other: raw.replace(b":1", b": 1")),
    "a newline": ("canonical", lambda raw, voter, other: raw + b"\n"),
    "an array": ("fields", lambda raw, voter, other: b"[]"),
    "no key": ("fields", lambda raw, voter, other: changed(raw, key=None)),
    "one field more": ("fields", lambda raw, voter, other: changed(raw, name="Ann")),
    "version 2": ("fields", lambda raw, voter, other: changed(raw, v=2)),
    "another type": ("fields", lambda raw, voter, other: changed(raw, type="close")),
    "a compressed key": (
        "fields",
        lambda raw, voter, other: changed(raw, key=base64url.encode(b"\2" + bytes(32))),
    ),
    "a key of the wrong prefix": (
        "fields",
        lambda raw, voter, other: changed(raw, key=base64url.encode(b"\5" + bytes(64))),
    ),
    "a short token": (
        "fields",
        lambda raw, voter, other: changed(raw, token=base64url.encode(bytes(255))),
    ),
    "another poll's manifest": (
        "manifest",
        lambda raw, voter, other: resigned(voter, manifest=json.loads(other)["manifest"]),
    ),
    "another poll's ballot": ("manifest", lambda raw, voter, other: other),
    "another poll's token": (
        "token",
        lambda raw, voter, other: resigned(voter, token=json.loads(other)["token"]),
    ),
    "an edited token": ("token", lambda raw, voter, other: bit_flipped(raw, "token")),
    "another prefix": ("token", lambda raw, voter, other: bit_flipped(raw, "prefix")),
    "another person's key": (
        "token",
        lambda raw, voter, other: changed(raw, key=json.loads(other)["key"]),
    ),
    "an edited signature": ("signature", lambda raw, voter, other: bit_flipped(raw, "sig")),
    "no signature": (
        "signature",
        lambda raw, voter, other: changed(raw, sig=base64url.encode(bytes(64))),
    ),
    "an edited choice": ("signature", lambda raw, voter, other: changed(raw, choice="b")),
    "an unknown option": ("choice", lambda raw, voter, other: resigned(voter, choice="zz")),
    "two options": ("choice", lambda raw, voter, other: resigned(voter, choice=["a", "b"])),
    "a number": ("choice", lambda raw, voter, other: resigned(voter, choice=1)),
    "an object": ("choice", lambda raw, voter, other: resigned(voter, choice={"a": 1})),
}
