"""The manifest: a poll's fixed and public terms, leaf 0 of its log.

Immutable: a mistake means annulling the poll and announcing another. No defaults are filled in, and
whether the rule can be counted by this programme is not asked here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from voting.domain import base64url, canonical, p256
from voting.domain.fields import array, constant, flag, hexadecimal, record, refuse, text, whole
from voting.domain.notes import VerifierKey, parse_vkey
from voting.domain.refusal import Refusal
from voting.domain.terms import check_params, check_rule, spends_budget
from voting.domain.times import parse_minute

ALGORITHM = "RSABSSA-SHA384-PSS-Randomized"
EXPONENT = 65537
MODULUS_BYTES = (256, 384)
MAX_LEAF = 65_535
MAX_PAD = 8_192

_FIELDS = (
    *("v", "type", "poll", "title", "method", "rules", "options", "collect_from", "open", "close"),
    *("issuers", "quorum", "roll", "eligibility", "results", "batch", "revote", "tally_key"),
    *("log", "client", "assisted"),
)
_OPTION_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Manifest:
    """A manifest that is right in every field, with what the protocol derives from its bytes.

    ``raw`` are the exact bytes and ``field`` the base64url of their SHA-256, which every leaf
    carries. ``k`` is the length in bytes of the issuer's modulus ``n``. ``roll`` and ``value`` are
    the decoded JSON: read them, do not change them.
    """

    raw: bytes
    sha256: bytes
    field: str
    value: dict[str, Any]
    poll: str
    title: str
    method: str
    rule: str
    rule_text: str
    params: dict[str, Any]
    option_ids: tuple[str, ...]
    titles: dict[str, str]
    costs: dict[str, int]
    n: int
    k: int
    kid: str
    origin: str
    vkey: str
    log_key_id: bytes
    log_public: bytes
    collect_from: str
    open: str
    close: str
    batch: dict[str, int]
    roll: dict[str, Any] | None
    results: str

    @classmethod
    def parse(cls, raw: bytes) -> "Manifest":
        """Read exact manifest bytes. Raises ``Refusal("canonical")`` or ``Refusal("fields")``."""
        if len(raw) > MAX_LEAF:
            refuse("A manifest has at most 65,535 bytes.")
        value = record(canonical.decode(raw), _FIELDS)
        _check_frame(value)
        _check_times(value)
        rules = _check_rules(value)
        modulus = _check_issuer(value["issuers"])
        log = _check_log(value["log"])
        digest = sha256(raw).digest()
        return cls(
            raw=raw,
            sha256=digest,
            field=base64url.encode(digest),
            value=value,
            poll=value["poll"],
            title=value["title"],
            method=value["method"],
            rule=rules["id"],
            rule_text=rules["text"],
            params=rules["params"],
            option_ids=tuple(option["id"] for option in value["options"]),
            titles={option["id"]: option["title"] for option in value["options"]},
            costs={o["id"]: o["cost"] for o in value["options"] if "cost" in o},
            n=int.from_bytes(modulus, "big"),
            k=len(modulus),
            kid=value["issuers"][0]["kid"],
            origin=log.name,
            vkey=value["log"]["vkey"],
            log_key_id=log.key_id,
            log_public=log.public,
            collect_from=value["collect_from"],
            open=value["open"],
            close=value["close"],
            batch=value["batch"],
            roll=value["roll"],
            results=value["results"],
        )

    @property
    def max_delay_s(self) -> int:
        """Seconds within which a ballot that was taken must stand in the log."""
        return self.batch["max_delay_s"]


def build(value: Mapping[str, Any]) -> bytes:
    """The manifest bytes of ``value``, which must already be complete and right.

    Raises ``Refusal`` where ``Manifest.parse`` would refuse the outcome.
    """
    raw = canonical.encode(dict(value))
    Manifest.parse(raw)
    return raw


def issuer_entry(n: int, bits: int) -> dict[str, Any]:
    """The manifest's entry for an issuer with the public modulus ``n`` of exactly ``bits`` bits."""
    if n.bit_length() != bits or bits % 8:
        raise ValueError("the modulus does not have that many bits")
    modulus = n.to_bytes(bits // 8, "big")
    entry = {"alg": ALGORITHM, "e": EXPONENT, "kid": _kid(modulus), "n": base64url.encode(modulus)}
    _check_issuer([entry])
    return entry


def _check_frame(value: dict[str, Any]) -> None:
    constant(value["v"], 1)
    constant(value["type"], "manifest")
    constant(value["quorum"], 1)
    constant(value["revote"], False)
    flag(value["assisted"])
    text(value["title"], 1)
    text(value["eligibility"])
    _check_uuid(value["poll"])
    _check_batch(value["batch"])
    _check_roll(value["roll"])
    _check_results(value["results"], value["tally_key"])
    if not isinstance(value["client"], dict):
        refuse("The client's files are not an object.")
    for digest in value["client"].values():
        hexadecimal(digest, 32)


def _check_uuid(value: object) -> None:
    try:
        good = str(UUID(text(value))) == value
    except ValueError:
        good = False
    if not good:
        refuse("The poll's id is not a UUID in lower case.")


def _check_times(value: dict[str, Any]) -> None:
    collecting, opening, closing = (
        parse_minute(value[name]) for name in ("collect_from", "open", "close")
    )
    if not collecting <= opening < closing:
        refuse("A poll collects, then opens, then closes.")


def _check_rules(value: dict[str, Any]) -> dict[str, Any]:
    rules = record(value["rules"], ("id", "params", "text"))
    method, rule = text(value["method"]), text(rules["id"])
    text(rules["text"], 1)
    check_rule(rule, method)
    check_params(rules["params"], rule, method)
    ids = _check_options(value["options"], rule, method)
    if not set(rules["params"].get("first_out", ())) <= set(ids):
        refuse("An option that is to leave first does not exist.")
    return rules


def _check_options(value: object, rule: str, method: str) -> list[str]:
    names = ("id", "title", "cost") if spends_budget(rule) else ("id", "title")
    ids: list[str] = []
    for entry in array(value):
        option = record(entry, names)
        if not _OPTION_ID.fullmatch(text(option["id"])):
            refuse("An option's id is not of the form a-z, 0-9 and hyphens.")
        text(option["title"], 1)
        whole(option.get("cost", 0), 0)
        ids.append(option["id"])
    if not ids or len(set(ids)) < len(ids):
        refuse("The options are missing, or two have one id.")
    if method == "yesno" and ids != ["yes", "no"]:
        refuse("A yes-or-no poll has the options yes and no.")
    return ids


def _check_issuer(value: object) -> bytes:
    if len(array(value)) != 1:
        refuse("Version 1 has exactly one issuer.")
    issuer = record(array(value)[0], ("alg", "n", "e", "kid"))
    constant(issuer["alg"], ALGORITHM)
    constant(issuer["e"], EXPONENT)
    modulus = base64url.decode(issuer["n"])
    if len(modulus) not in MODULUS_BYTES or modulus[0] < 0x80 or not modulus[-1] & 1:
        refuse("The issuer's modulus has not exactly 2048 or 3072 bits.")
    constant(issuer["kid"], _kid(modulus))
    return modulus


def _check_log(value: object) -> VerifierKey:
    log = record(value, ("origin", "vkey"))
    try:
        key = parse_vkey(log["vkey"])
    except Refusal as problem:
        return refuse(problem.sentence)
    # Read, never recomputed from an address: a port that is not the usual one belongs to it.
    constant(log["origin"], key.name)
    return key


def _check_batch(value: object) -> None:
    batch = record(value, ("min", "every_s", "max_delay_s"))
    for number in batch.values():
        whole(number, 1)


def _check_roll(value: object) -> None:
    if value is not None:
        roll = record(value, ("size", "root"))
        whole(roll["size"], 0)
        base64url.decode(roll["root"], 32)


def _check_results(results: object, tally_key: object) -> None:
    if results == "live":
        if tally_key is not None:
            refuse("A poll with live results has no tally key.")
        return
    constant(results, "sealed")
    key = record(tally_key, ("hpke", "k", "n", "pad", "pub"))
    constant(key["hpke"], "P-256")
    whole(key["k"], 1, whole(key["n"], 1, 255))
    whole(key["pad"], 1, MAX_PAD)
    if not p256.on_curve(base64url.decode(key["pub"], 65)):
        refuse("The tally key is not a point of P-256.")


def _kid(modulus: bytes) -> str:
    return sha256(modulus).hexdigest()[:8]
