"""Appending to a poll's public log: RFC 6962 tree, C2SP checkpoints. Nothing is ever changed.

The caller holds the log's row lock (``hold_log``) in a transaction on the ballots database.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connections

from voting.board.models import Checkpoint, Leaf, Log, Node
from voting.crypto import ed25519
from voting.domain import merkle, notes
from voting.domain.manifest import Manifest

BATCH = 2_000


@dataclass(frozen=True)
class NewLeaf:
    """An entry to append: its kind and exact bytes; a ballot also brings its two hashes."""

    kind: str
    body: bytes
    key_sha256: bytes | None = None
    token_sha256: bytes | None = None


def hold_log(poll: uuid.UUID) -> Log:
    """The poll's log, locked for writing until the transaction ends. Raises Log.DoesNotExist."""
    return Log.objects.select_for_update().get(pk=poll)


def share_log(poll: uuid.UUID) -> Log:
    """The poll's log, held against writers but not against other readers (casting ballots)."""
    connection = connections["ballots"]
    lock = " FOR SHARE" if connection.features.has_select_for_update else ""
    key = poll if connection.features.has_native_uuid_field else poll.hex
    rows = Log.objects.raw(f"SELECT * FROM board_log WHERE poll = %s{lock}", [key])  # noqa: S608
    return next(iter(rows))


def append(log: Log, leaves: Sequence[NewLeaf]) -> Checkpoint:
    """Append ``leaves`` in the given order and sign the new head. Holds: log row lock."""
    hashes = [merkle.leaf_hash(leaf.body) for leaf in leaves]
    rows = [
        Leaf(poll=log.poll, index=log.size + i, kind=leaf.kind, body=leaf.body, leaf_hash=digest,
             key_sha256=leaf.key_sha256, token_sha256=leaf.token_sha256)
        for i, (leaf, digest) in enumerate(zip(leaves, hashes, strict=True))
    ]  # fmt: skip
    stored = stored_node(log.poll)
    nodes = [
        Node(poll=log.poll, level=level, index=index, hash=digest)
        for level, index, digest in merkle.new_nodes(log.size, hashes, stored)
    ]
    Leaf.objects.bulk_create(rows, batch_size=BATCH)
    Node.objects.bulk_create(nodes, batch_size=BATCH)
    log.size += len(rows)
    log.save(update_fields=["size"])
    return _sign_head(log, merkle.tree_root(log.size, stored))


def _sign_head(log: Log, root: bytes) -> Checkpoint:
    manifest = Manifest.parse(bytes(log.manifest))
    text = notes.checkpoint_text(manifest.origin, log.size, root)
    signature = ed25519.sign(bytes(log.seed), text.encode())
    key_id = notes.key_id(manifest.origin, manifest.log_public)
    note = notes.note(text, manifest.origin, key_id, signature)
    return Checkpoint.objects.create(poll=log.poll, size=log.size, note=note)


def stored_node(poll: uuid.UUID) -> Callable[[int, int], bytes]:
    """A reader of complete subtree hashes for ``merkle``: level 0 are the leaves."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            found = Leaf.objects.values_list("leaf_hash", flat=True).get(poll=poll, index=index)
        else:
            found = Node.objects.values_list("hash", flat=True).get(
                poll=poll, level=level, index=index
            )
        return bytes(found)

    return node


def kinds_in(log: Log) -> set[str]:
    """Which kinds of entry, other than ballots, the log already holds."""
    return set(
        Leaf.objects.filter(poll=log.poll).exclude(kind="ballot").values_list("kind", flat=True)
    )
