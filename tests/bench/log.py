"""Entries appended to the log a second, tree, checkpoint and commit included, beside hashing."""

import hashlib
import os

from django.db import transaction

from tests.bench import stage
from tests.bench.measure import Figure, beside
from voting.board.log import NewLeaf, append, hold_log

MANY = 5_000
SIZE = 730  # bytes of a plurality ballot with a 2048-bit token


def figures(repeats: int) -> list[Figure]:
    poll, _manifest = stage.open_poll(2048)
    bodies = [os.urandom(SIZE) for _ in range(MANY)]

    def ours() -> int:
        with transaction.atomic(using="ballots"):
            append(hold_log(poll.pk), [NewLeaf("note", body) for body in bodies])
        return MANY

    def limit() -> int:
        for body in bodies:
            digest = hashlib.sha256(b"\x00" + body).digest()
            hashlib.sha256(b"\x01" + digest + digest).digest()
        return MANY

    return [beside("entries appended", ours, "two SHA-256 an entry", limit, repeats)]
