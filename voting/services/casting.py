"""Casting a ballot: from exact bytes to a signed promise. It knows no person and no address."""

import hashlib
import uuid
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import IntegrityError, transaction

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
    """Take a ballot into the box and promise, signed, by when it will be in the log.

    Durable before it answers. Idempotent because the ballot's own key names its row: the same
    bytes get the same effect, also after the merge and after close. Shares the log's lock, so
    that no ballot slips in behind the last batch.
    Raises Log.DoesNotExist, Refusal("closed" | "not-open" | "key-used" | those of a bad leaf).
    """
    log = Log.objects.get(pk=poll, size__gt=0)
    manifest = parsed_manifest(bytes(log.manifest))
    now = database_now()
    if refusal := box_refusal(log, manifest, now):
        return _promise_again(log, manifest, raw, now, refusal)
    ballot = check_ballot(raw, manifest)
    with transaction.atomic(using="ballots"):
        if not share_log(poll).accepting:
            raise Refusal("closed", "This poll has closed. Your ballot came too late.")
        _drop_into_box(poll, ballot)
    return _promise(log, manifest, ballot.leaf_hash, now)


def box_refusal(log: Log, manifest: Manifest, now: datetime) -> Refusal | None:
    """Why the box takes no ballot at ``now``, or None. The time closes it though no worker does."""
    last = parse_minute(manifest.close) + timedelta(seconds=manifest.max_delay_s)
    if not log.accepting or now >= last:
        return Refusal("closed", "This poll has closed.")
    if now < parse_minute(manifest.open) and not log.opened_early:
        return Refusal("not-open", "This poll has not opened yet. Keep your ballot until then.")
    return None


def _drop_into_box(poll: uuid.UUID, ballot: Ballot) -> None:
    key = hashlib.sha256(ballot.key).digest()
    if _same_bytes_known(poll, key, ballot.raw):
        return
    try:
        with transaction.atomic(using="ballots"):
            Intake.objects.create(
                poll=poll, key_sha256=key, leaf_hash=ballot.leaf_hash, leaf=ballot.raw
            )
    except IntegrityError:  # the same key came by another connection meanwhile
        _same_bytes_known(poll, key, ballot.raw)


def _same_bytes_known(poll: uuid.UUID, key: bytes, raw: bytes) -> bool:
    """Whether exactly this ballot was taken before. Raises Refusal("key-used") for another."""
    known = (
        Leaf.objects.filter(poll=poll, key_sha256=key).values_list("body", flat=True).first()
        or Intake.objects.filter(poll=poll, key_sha256=key).values_list("leaf", flat=True).first()
    )
    if known is None:
        return False
    if bytes(known) != raw:
        raise Refusal("key-used", "Another ballot was already cast with this pass.")
    return True


def _promise_again(
    log: Log, manifest: Manifest, raw: bytes, now: datetime, refusal: Refusal
) -> bytes:
    try:
        ballot = parse_ballot(raw, manifest.k)
        known = _same_bytes_known(log.poll, hashlib.sha256(ballot.key).digest(), raw)
    except Refusal:
        raise refusal from None
    if not known:
        raise refusal
    return _promise(log, manifest, ballot.leaf_hash, now)


def _promise(log: Log, manifest: Manifest, leaf_hash: bytes, now: datetime) -> bytes:
    by = promises.deadline(now, manifest.batch["max_delay_s"])
    message = promises.promise_message(by, leaf_hash.hex(), manifest.field)
    return promises.promise(by, leaf_hash.hex(), ed25519.sign(bytes(log.seed), message))
