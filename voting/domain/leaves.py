"""The log's leaves other than the manifest and ballots, as exact bytes.

When each may be written is the business of ``voting.services``; nothing here reads leaves.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from voting.domain import base64url, canonical

ROLL_BATCH = 1_000
"""The most commitments in one roll leaf, which keeps it below 65,535 bytes."""


def roll_leaves(manifest: str, commitments: Sequence[bytes]) -> list[bytes]:
    """The whole roll as consecutive leaves; ``commitments`` strictly ascending, 32 bytes each."""
    if any(a >= b for a, b in pairwise(commitments)):
        raise ValueError("the roll is not strictly ascending")
    starts = range(0, len(commitments), ROLL_BATCH)
    return [roll_leaf(manifest, commitments[i : i + ROLL_BATCH], i) for i in starts]


def roll_leaf(manifest: str, commitments: Sequence[bytes], start: int) -> bytes:
    """Up to 1,000 commitments, the first of which is number ``start`` of the roll."""
    if not 0 < len(commitments) <= ROLL_BATCH:
        raise ValueError("a roll leaf holds from 1 to 1,000 commitments")
    texts = [base64url.encode(commitment) for commitment in commitments]
    return _leaf("roll", manifest, {"commitments": texts, "from": start})


def close_leaf(manifest: str, *, ballots: int, passes: int, assisted: int) -> bytes:
    """Three totals at the close; ``passes`` − ``ballots`` is the slack that verifiers report."""
    fields = {"assisted": assisted, "ballots": ballots, "passes": passes}
    return _leaf("close", manifest, fields)


def tally_key_leaf(manifest: str, secret: bytes) -> bytes:
    """The private key of a sealed poll (32 bytes), published so that all can open the ballots."""
    return _leaf("tally-key", manifest, {"secret": base64url.encode(secret)})


def result_leaf(
    manifest: str,
    *,
    ballots: int,
    blank: int,
    code: str,
    counted: int,
    detail: Mapping[str, object],
    invalid: int,
    rules: str,
    winners: Sequence[str],
    reason: str | None = None,
) -> bytes:
    """A count: ``counted`` = ``ballots`` − ``invalid``, blanks included; winners in order of rank.

    ``code`` names the programme that counted, ``rules`` the rule, ``reason`` why it was recounted.
    """
    if counted != ballots - invalid or not 0 <= blank <= counted:
        raise ValueError("the totals of a result do not agree")
    fields = {
        "ballots": ballots,
        "blank": blank,
        "code": code,
        "counted": counted,
        "detail": dict(detail),
        "invalid": invalid,
        "reason": reason,
        "rules": rules,
        "winners": list(winners),
    }
    return _leaf("result", manifest, fields)


def note_leaf(manifest: str, text: str) -> bytes:
    """A public remark of the organiser."""
    return _leaf("note", manifest, {"text": text})


def annul_leaf(manifest: str, reason: str) -> bytes:
    """The end of a poll that was a mistake; no count is required after it."""
    return _leaf("annul", manifest, {"reason": reason})


def recount_leaf(manifest: str, *, code: str, reason: str) -> bytes:
    """That the ballots are counted again, by the programme ``code``, and why."""
    return _leaf("recount", manifest, {"code": code, "reason": reason})


def _leaf(kind: str, manifest: str, fields: Mapping[str, object]) -> bytes:
    raw = canonical.encode({**fields, "manifest": manifest, "type": kind, "v": 1})
    if len(raw) > 65_535:
        raise ValueError("no leaf exceeds 65,535 bytes")
    return raw
