"""Merging the intake into the log: a sorted batch, so that no order of arrival survives."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from voting.board.log import NewLeaf, append, hold_log
from voting.board.models import Checkpoint, ChoiceCount, Intake, Log
from voting.domain import canonical


def merge_intake(*, poll: uuid.UUID, least: int = 1) -> Checkpoint | None:
    """Move every promised ballot into the log, sorted by leaf hash, and sign the new head.

    Nothing happens with fewer than ``least`` ballots. Locks the log, so two workers merge one
    after the other. Idempotent because the intake is emptied in the same transaction.
    """
    with transaction.atomic(using="ballots"):
        return merge_held(hold_log(poll), least=least)


def merge_held(log: Log, *, least: int = 1) -> Checkpoint | None:
    """The same, for a caller that holds the log's lock already."""
    waiting = list(Intake.objects.filter(poll=log.poll).order_by("leaf_hash"))
    if len(waiting) < max(least, 1):
        return None
    bodies = [(bytes(row.leaf), bytes(row.key_sha256)) for row in waiting]
    checkpoint = append(log, [_ballot_leaf(body, key) for body, key in bodies])
    _count_choices(log.poll, (body for body, _ in bodies))
    Intake.objects.filter(poll=log.poll).delete()
    return checkpoint


def _ballot_leaf(body: bytes, key_sha256: bytes) -> NewLeaf:
    token = json.loads(body)["token"].encode()
    return NewLeaf("ballot", body, key_sha256, hashlib.sha256(token).digest())


def _count_choices(poll: uuid.UUID, bodies: Iterable[bytes]) -> None:
    counts = Counter(canonical.encode(json.loads(body)["choice"]).decode() for body in bodies)
    hashed = {hashlib.sha256(choice.encode()).digest(): choice for choice in counts}
    known = {
        bytes(digest)
        for digest in ChoiceCount.objects.filter(poll=poll).values_list("choice_sha256", flat=True)
    }
    for digest in sorted(hashed.keys() & known):
        ChoiceCount.objects.filter(poll=poll, choice_sha256=digest).update(
            ballots=F("ballots") + counts[hashed[digest]]
        )
    ChoiceCount.objects.bulk_create(
        ChoiceCount(poll=poll, choice_sha256=d, choice=hashed[d], ballots=counts[hashed[d]])
        for d in sorted(hashed.keys() - known)
    )
