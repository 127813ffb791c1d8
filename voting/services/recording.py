"""Exporting a poll's record: a deterministic zip that a stranger recounts.

Only what the log already says goes in; the same log gives the same bytes.
"""

import io
import os
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from voting.board.models import Checkpoint, Leaf, Log
from voting.board.reading import entry_bundle, hash_tile
from voting.booth_scripts import client_files
from voting.domain import tiles
from voting.selectors import last_leaf
from voting.verify.bundle import bundle

EPOCH = (1980, 1, 1, 0, 0, 0)
_one_at_a_time = Lock()  # the worker and a first reader want the same record at the same moment
README = """\
The public record of one poll. manifest.json says what was asked and by which keys; leaves.jsonl
holds every entry of the log, one a line; checkpoints/ every signed head; tiles/ the same log as
C2SP tlog-tiles; result.json the result as published.

Recount it: python VERIFY.py <this file>. A record cannot vouch for itself: take the verifier from
somewhere you trust, and compare the manifest's SHA-256 with one printed elsewhere.
"""


def record_path(poll: uuid.UUID) -> Path:
    """Where the exported record is kept; made on first request after the poll is decided."""
    return Path(settings.DATA_DIR) / "records" / f"record-{poll}.zip"


def export_record(*, poll: uuid.UUID) -> Path:
    """Write the record next to its final place and move it there in one step.

    Idempotent because the bytes follow from the log alone.
    """
    with _one_at_a_time:
        return _written(record_path(poll), poll)


@cache
def verifier() -> bytes:
    """``VERIFY.py``, joined once a process: Python 3.11 cannot parse in two threads at a time."""
    return bundle()


def _written(target: Path, poll: uuid.UUID) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as record:
        for path, body in record_entries(poll):
            _write(record, path, body)
    Path(name).replace(target)
    return target


def record_entries(poll: uuid.UUID) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of everything in the record, sorted by path."""
    log = Log.objects.get(pk=poll)
    makers = {f"client/{path}": lambda body=body: body for path, body in client_files().items()}
    makers["README.txt"] = README.encode
    makers["VERIFY.py"] = verifier
    makers["manifest.json"] = lambda: bytes(log.manifest)
    makers["leaves.jsonl"] = lambda: _leaves(poll)
    if (result := last_leaf(poll, "result")) is not None:
        makers["result.json"] = lambda: result
    for size, note in Checkpoint.objects.filter(poll=poll).values_list("size", "note"):
        makers[f"checkpoints/{size:010d}"] = note.encode
    for tile in tiles.all_tiles(log.size):
        read = entry_bundle if tile.level is None else hash_tile
        makers[f"tiles/{tiles.path(tile)}"] = lambda read=read, tile=tile: read(poll, tile)
    for path in sorted(makers):
        yield path, makers[path]()


def _leaves(poll: uuid.UUID) -> bytes:
    rows = Leaf.objects.filter(poll=poll).order_by("index").values_list("body", flat=True)
    out = io.BytesIO()
    for body in rows.iterator(chunk_size=2_000):
        out.write(bytes(body) + b"\n")
    return out.getvalue()


def _write(record: zipfile.ZipFile, path: str, body: bytes) -> None:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.create_system = 3  # Unix, so that the mode below means something
    entry.external_attr = 0o100644 << 16
    record.writestr(entry, body)
