"""Reading the manifest: everything that was announced before the first ballot and may never change.

It is judged by its form alone; what its rules mean is the matter of the counting modules.
"""

from __future__ import annotations

import hashlib
from typing import Any

from .findings import Report
from .notes import LogKey, read_vkey
from .rsa_pss import IssuerKey
from .shapes import (
    Shape,
    a_list,
    a_map,
    an_object,
    exactly,
    fields_fault,
    integer,
    is_flag,
    is_object,
    is_text,
    matching,
    null_or,
    one_of,
    raw,
)
from .text import Malformed, decode_base64url, encode_base64url, parse_json

METHODS = (
    "plurality",
    "yesno",
    "approval",
    "ranked",
    "score",
    "budget-approval",
    "knapsack",
    "cumulative",
)
MINUTE = matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
OPTION_ID = matching(r"[a-z0-9][a-z0-9-]{0,31}")
UUID = matching(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
COUNT = integer(0)
OPTION = an_object({"id": OPTION_ID, "title": is_text, "cost": COUNT}, optional=("cost",))
ISSUER = an_object(
    {
        "alg": exactly("RSABSSA-SHA384-PSS-Randomized"),
        "n": raw(256, 384),
        "e": exactly(65537),
        "kid": matching("[0-9a-f]{8}"),
    }
)
TALLY_KEY = an_object(
    {
        "hpke": exactly("P-256"),
        "k": integer(1),
        "n": integer(1),
        "pad": integer(1, 16_384),
        "pub": raw(65),
    }
)
PARAMS: dict[str, Shape] = {
    "seats": integer(1),
    "max_approvals": integer(1),
    "max_ranks": integer(1),
    "min": integer(-(2**31), 2**31),
    "max": integer(-(2**31), 2**31),
    "budget": COUNT,
    "points": COUNT,
    "quorum": COUNT,
    "share": a_list(COUNT, 2, 2),
    "batch": is_flag,
    "first_out": a_list(OPTION_ID),
}
MANIFEST: dict[str, Shape] = {
    "v": exactly(1),
    "type": exactly("manifest"),
    "poll": UUID,
    "title": is_text,
    "method": one_of(*METHODS),
    "rules": an_object({"id": is_text, "params": is_object, "text": is_text}),
    "options": a_list(OPTION, 1),
    "collect_from": MINUTE,
    "open": MINUTE,
    "close": MINUTE,
    "issuers": a_list(ISSUER, 1, 1),
    "quorum": exactly(1),
    "roll": null_or(an_object({"size": COUNT, "root": raw(32)})),
    "eligibility": is_text,
    "results": one_of("live", "sealed"),
    "batch": an_object({"min": COUNT, "every_s": COUNT, "max_delay_s": COUNT}),
    "revote": exactly(False),
    "tally_key": null_or(TALLY_KEY),
    "log": an_object({"origin": is_text, "vkey": is_text}),
    "client": a_map(matching("[0-9a-f]{64}")),
    "assisted": is_flag,
}


class Manifest:
    """A manifest of right form; ``sha256`` is its hash, ``field`` how every leaf names it."""

    def __init__(self, text: bytes, value: dict[str, Any]) -> None:
        self.raw = text
        self.value = value
        self.sha256 = hashlib.sha256(text).digest()
        self.field = encode_base64url(self.sha256)
        self.method: str = value["method"]
        self.rule: str = value["rules"]["id"]
        self.params: dict[str, Any] = value["rules"]["params"]
        self.titles: dict[str, str] = {item["id"]: item["title"] for item in value["options"]}
        self.options = tuple(self.titles)
        self.costs = {item["id"]: item["cost"] for item in value["options"] if "cost" in item}
        self.sealed = value["results"] == "sealed"
        self.issuer = IssuerKey(decode_base64url(value["issuers"][0]["n"]))
        self.log_key: LogKey | None = None


def read_manifest(text: bytes, report: Report) -> Manifest | None:
    """The manifest of exact bytes ``text``, or None after a red finding."""
    try:
        value = parse_json(text)
    except Malformed as fault:
        report.red("manifest.canonical", f"manifest.json: {fault}")
        return None
    report.did("manifest.canonical")
    fault_text = fields_fault(value, MANIFEST) or _contradiction(value)
    if fault_text:
        report.red("manifest.fields", f"In the manifest, {fault_text}.")
        return None
    assert isinstance(value, dict)
    report.did("manifest.fields")
    return Manifest(text, value)


def settle_log_key(manifest: Manifest, named: str | None, report: Report) -> None:
    """Decide which key must have signed the log: ``named``, if given, else the manifest's own."""
    announced = manifest.value["log"]["vkey"]
    if named is not None:
        report.did("log.named-key")
        if named != announced:
            report.red("log.named-key", "The manifest announces another log key than you named.")
    try:
        key = read_vkey(named or announced)
    except Malformed as fault:
        report.red("log.vkey", str(fault))
        return
    if key.name != manifest.value["log"]["origin"]:
        report.red("log.vkey", "The log's key does not carry the log's own name.")
    manifest.log_key = key
    report.did("log.vkey")


def _contradiction(value: Any) -> str:
    """What is wrong between fields that are right each on its own."""
    ids = [option["id"] for option in value["options"]]
    number = decode_base64url(value["issuers"][0]["n"])
    faults = {
        "an option stands twice": len(set(ids)) != len(ids),
        "a yes-or-no poll has other options": value["method"] == "yesno" and ids != ["yes", "no"],
        "the issuer's modulus is too short": number[0] < 0x80,
        "the issuer's kid is not that of its key": hashlib.sha256(number).hexdigest()[:8]
        != value["issuers"][0]["kid"],
        "sealed results and tally key do not go together": (value["tally_key"] is None)
        == (value["results"] == "sealed"),
        "an option has no cost": bool(_needs_costs(value)) and not _all_costed(value),
    }
    named = next((sentence for sentence, true in faults.items() if true), "")
    return named or _params_fault(value, value["rules"]["params"], ids)


def _params_fault(value: Any, params: dict[str, Any], ids: list[str]) -> str:
    for name, parameter in params.items():
        if name in PARAMS and not PARAMS[name](parameter):
            return f"the parameter {name} is wrong"
    if not set(params.get("first_out", ())) <= set(ids):
        return "the parameter first_out names what is no option"
    return "" if _params_suffice(value, params) else "a parameter that the method needs is missing"


def _params_suffice(value: Any, params: dict[str, Any]) -> bool:
    needed = {"score": ("max",), "cumulative": ("points",), "knapsack": ("budget",)}
    names = needed.get(value["method"], ()) + (("budget",) if _needs_costs(value) else ())
    return all(name in params for name in names)


def _needs_costs(value: Any) -> bool:
    return value["method"] == "knapsack" or bool(value["rules"]["id"].startswith("pb-"))


def _all_costed(value: Any) -> bool:
    return all("cost" in option for option in value["options"])
