"""A ballot's leaf: its form, and the message that its signature covers.

Only what the bytes alone can tell: token, signature and choice need the manifest and are checked
in ``voting.crypto.intake``.
"""

from dataclasses import dataclass
from typing import Any

from voting.domain import base64url, canonical
from voting.domain.fields import constant, record, refuse
from voting.domain.merkle import leaf_hash
from voting.domain.refusal import Refusal

LABEL = b"civic-ballot/1 ballot\n"
MAX_BYTES = 16_384
_FIELDS = ("choice", "key", "manifest", "prefix", "sig", "token", "type", "v")


@dataclass(frozen=True)
class Ballot:
    """A ballot of the right form; ``raw`` are its exact bytes, ``signed`` what ``sig`` covers.

    ``key`` 65 bytes, ``prefix`` 32, ``sig`` 64, ``token`` as long as the modulus; ``manifest`` is
    the base64url that the leaf names; ``choice`` is any JSON, not yet checked.
    """

    choice: Any
    key: bytes
    prefix: bytes
    token: bytes
    sig: bytes
    manifest: str
    raw: bytes
    signed: bytes
    leaf_hash: bytes


def parse_ballot(raw: bytes, k: int) -> Ballot:
    """Read a ballot leaf for an issuer with a modulus of ``k`` bytes.

    Raises ``Refusal`` "too-long", then "canonical" (UTF-8, JSON, form), then "fields" (names,
    types, base64url, lengths, an uncompressed key).
    """
    if len(raw) > MAX_BYTES:
        raise Refusal("too-long", "A ballot has at most 16,384 bytes.")
    value = record(canonical.decode(raw), _FIELDS)
    constant(value["type"], "ballot")
    constant(value["v"], 1)
    base64url.decode(value["manifest"], 32)
    key = base64url.decode(value["key"], 65)
    if key[0] != 4:
        refuse("The ballot's key is not an uncompressed point.")
    return Ballot(
        choice=value["choice"],
        key=key,
        prefix=base64url.decode(value["prefix"], 32),
        token=base64url.decode(value["token"], k),
        sig=base64url.decode(value["sig"], 64),
        manifest=value["manifest"],
        raw=raw,
        signed=signed_message({name: value[name] for name in _FIELDS if name != "sig"}),
        leaf_hash=leaf_hash(raw),
    )


def unsigned_leaf(
    choice: object, *, key: bytes, manifest: str, prefix: bytes, token: bytes
) -> dict[str, object]:
    """The fields of a ballot leaf, all but ``sig``."""
    return {
        "choice": choice,
        "key": base64url.encode(key),
        "manifest": manifest,
        "prefix": base64url.encode(prefix),
        "token": base64url.encode(token),
        "type": "ballot",
        "v": 1,
    }


def signed_message(unsigned: dict[str, object]) -> bytes:
    """The bytes that ``sig`` covers: the label and the canonical leaf without ``sig``."""
    return LABEL + canonical.encode(unsigned)


def signed_leaf(unsigned: dict[str, object], signature: bytes) -> bytes:
    """The exact bytes of the whole leaf."""
    return canonical.encode({**unsigned, "sig": base64url.encode(signature)})
