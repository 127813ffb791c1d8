"""Judging one ballot leaf by itself: token, signature, choice, in the order of the protocol.

Whether a key votes twice and how choices add up is seen elsewhere, where all ballots are seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .choices import choice_fault
from .manifest import Manifest
from .p256 import p256_valid
from .text import Malformed, canonical_json, decode_base64url

BALLOT_LIMIT = 16_384
TOKEN_LABEL = b"civic-ballot/1 token\n"
BALLOT_LABEL = b"civic-ballot/1 ballot\n"
GCM_TAG = 16


@dataclass(frozen=True)
class Refusal:
    """Why a ballot is no ballot: a code of CHECKS and a sentence."""

    code: str
    sentence: str


def ballot_refusal(leaf: dict[str, Any], manifest: Manifest) -> Refusal | None:
    """The first reason to refuse a ballot whose fields are already known to be well formed."""
    prefix, key = decode_base64url(leaf["prefix"]), decode_base64url(leaf["key"])
    message = prefix + TOKEN_LABEL + manifest.sha256 + key
    if not manifest.issuer.signed(message, decode_base64url(leaf["token"])):
        return Refusal("ballot.token", "The token is not the issuer's signature of this key.")
    unsigned = {name: value for name, value in leaf.items() if name != "sig"}
    signature = decode_base64url(leaf["sig"])
    if not p256_valid(key, BALLOT_LABEL + canonical_json(unsigned), signature):
        return Refusal("ballot.signature", "The ballot is not signed by its key.")
    fault = _logged_choice_fault(leaf["choice"], manifest)
    return Refusal("ballot.choice", fault) if fault else None


def _logged_choice_fault(choice: object, manifest: Manifest) -> str:
    """What intake could see: the whole rule in a live poll, form and length in a sealed one."""
    if not manifest.sealed:
        return choice_fault(choice, manifest)
    try:
        if not isinstance(choice, dict) or set(choice) != {"ct", "enc"}:
            raise Malformed("it is not an object of ct and enc")
        decode_base64url(choice["ct"], manifest.value["tally_key"]["pad"] + GCM_TAG)
        if decode_base64url(choice["enc"], 65)[0] != 4:
            raise Malformed("enc is no uncompressed point")
    except Malformed as fault:
        return f"The sealed choice has not the form it must have: {fault}"
    return ""
