"""A small poll of the tests' own, so that they need neither a database nor the shared data."""

from functools import cache

from voting.crypto import ed25519
from voting.crypto.issuer import Issuer, generate_key
from voting.domain import notes
from voting.domain.manifest import Manifest, build, issuer_entry

POLL = "00000000-0000-4000-8000-00000000000a"
ORIGIN = f"town.test/polls/{POLL}"
LOG_SEED = bytes(range(32))


@cache
def issuer() -> Issuer:
    return Issuer(generate_key(2048))


def manifest_value(**changes) -> dict:
    value = {
        "v": 1,
        "type": "manifest",
        "poll": POLL,
        "title": "Which bench?",
        "method": "plurality",
        "rules": {"id": "plurality/1", "params": {"seats": 1}, "text": "Most ballots win."},
        "options": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
        "collect_from": "2026-11-01T08:00Z",
        "open": "2026-11-02T08:00Z",
        "close": "2026-11-30T20:00Z",
        "issuers": [issuer_entry(issuer().n, 2048)],
        "quorum": 1,
        "roll": None,
        "eligibility": "everyone in the hall",
        "results": "live",
        "batch": {"min": 2, "every_s": 10, "max_delay_s": 120},
        "revote": False,
        "tally_key": None,
        "log": {"origin": ORIGIN, "vkey": notes.vkey(ORIGIN, ed25519.public_key(LOG_SEED))},
        "client": {"voting/ballot.js": "00" * 32},
        "assisted": False,
    }
    return {**value, **changes}


def manifest(**changes) -> Manifest:
    return Manifest.parse(build(manifest_value(**changes)))
