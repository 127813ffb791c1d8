"""Casting ballots: from exact bytes to signed promises. It knows no person and no address.

Deliberately absent: HTTP, and any order of arrival. Ballots of one transaction are written in the
order of their keys.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import InterfaceError, InternalError, OperationalError, transaction

from voting.board.log import share_log
from voting.board.models import Intake, Leaf, Log
from voting.clock import database_now
from voting.crypto import ed25519
from voting.crypto.intake import check_ballot
from voting.domain import promises
from voting.domain.ballots import Ballot, parse_ballot
from voting.domain.manifest import Manifest
from voting.domain.refusal import Refusal
from voting.domain.times import parse_minute


@lru_cache(maxsize=64)
def parsed_manifest(raw: bytes) -> Manifest:
    return Manifest.parse(raw)


def cast_ballot(*, poll: uuid.UUID, raw: bytes) -> bytes:
    """One ballot's promise. Raises Refusal and Log.DoesNotExist, as ``cast_ballots`` says."""
    (outcome,) = cast_ballots(poll=poll, raws=[raw])
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def answers_to(*, poll: uuid.UUID, raws: Sequence[bytes]) -> list[bytes | Refusal]:
    """``cast_ballots``, where no such poll ("not-found") and no database ("busy") are refusals."""
    try:
        return cast_ballots(poll=poll, raws=raws)
    except Log.DoesNotExist:
        refusal = Refusal("not-found", "")
    except (OperationalError, InterfaceError, InternalError):  # the last: read-only
        refusal = Refusal("busy", "")
    return [refusal] * len(raws)


def cast_ballots(*, poll: uuid.UUID, raws: Sequence[bytes]) -> list[bytes | Refusal]:
    """Take ballots into the box and promise, signed, by when they will be in the log.

    One answer for each of ``raws``, in their order; what is wrong with one is nothing to the
    others: Refusal("closed" | "not-open" | "key-used" | those of a bad leaf). All are durable, by
    one commit, before any is promised. Idempotent because the ballot's own key names its row: the
    same bytes get the same effect, also after the merge and after close, and of two ballots with
    one key the first wins. Shares the log's lock, so that none slips in behind the last batch.
    Raises Log.DoesNotExist, and the database's errors: then nothing is promised.
    """
    log = Log.objects.get(pk=poll, size__gt=0)
    manifest = parsed_manifest(bytes(log.manifest))
    now = database_now()
    shut = box_refusal(log, manifest, now)
    read = [_read(raw, manifest, shut) for raw in raws]
    held = _taken(poll, [each for each in read if isinstance(each, Ballot)], shut)
    return [
        each
        if isinstance(each, Refusal)
        else _refusal_of(each, held, shut) or _promise(log, manifest, each.leaf_hash, now)
        for each in read
    ]


def box_refusal(log: Log, manifest: Manifest, now: datetime) -> Refusal | None:
    """Why the box takes no ballot at ``now``, or None. The time closes it though no worker does."""
    last = parse_minute(manifest.close) + timedelta(seconds=manifest.max_delay_s)
    if not log.accepting or now >= last:
        return Refusal("closed", "This poll has closed.")
    if now < parse_minute(manifest.open) and not log.opened_early:
        return Refusal("not-open", "This poll has not opened yet. Keep your ballot until then.")
    return None


def _read(raw: bytes, manifest: Manifest, shut: Refusal | None) -> Ballot | Refusal:
    """The ballot of these bytes; while the box is ``shut`` only so that it can be looked for."""
    try:
        return parse_ballot(raw, manifest.k) if shut else check_ballot(raw, manifest)
    except Refusal as refusal:
        return shut or refusal


def _taken(poll: uuid.UUID, ballots: Sequence[Ballot], shut: Refusal | None) -> dict[bytes, bytes]:
    """What the board holds under the ballots' keys, now that it has taken in the new ones."""
    first: dict[bytes, Ballot] = {}
    for ballot in ballots:
        first.setdefault(_key(ballot), ballot)
    if not first:
        return {}
    same = {"poll": poll, "key_sha256__in": sorted(first)}
    with transaction.atomic(using="ballots"):
        accepting = share_log(poll).accepting and not shut
        held = _bytes(Leaf.objects.filter(**same).values_list("key_sha256", "body"))
        if accepting:
            _put(poll, [(key, first[key]) for key in sorted(first.keys() - held.keys())])
        # Read again and not assumed: another process may have taken one of these keys meanwhile.
        return held | _bytes(Intake.objects.filter(**same).values_list("key_sha256", "leaf"))


def _put(poll: uuid.UUID, ballots: Sequence[tuple[bytes, Ballot]]) -> None:
    Intake.objects.bulk_create(
        [
            Intake(poll=poll, key_sha256=key, leaf_hash=ballot.leaf_hash, leaf=ballot.raw)
            for key, ballot in ballots
        ],
        ignore_conflicts=True,
    )


def _bytes(rows: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    return {bytes(key): bytes(body) for key, body in rows}


def _key(ballot: Ballot) -> bytes:
    return hashlib.sha256(ballot.key).digest()


def _refusal_of(ballot: Ballot, held: dict[bytes, bytes], shut: Refusal | None) -> Refusal | None:
    known = held.get(_key(ballot))
    if known is None:
        return shut or Refusal("closed", "This poll has closed. Your ballot came too late.")
    if known != ballot.raw:
        return shut or Refusal("key-used", "Another ballot was already cast with this pass.")
    return None


def _promise(log: Log, manifest: Manifest, leaf_hash: bytes, now: datetime) -> bytes:
    by = promises.deadline(now, manifest.max_delay_s)
    message = promises.promise_message(by, leaf_hash.hex(), manifest.field)
    return promises.promise(by, leaf_hash.hex(), ed25519.sign(bytes(log.seed), message))
