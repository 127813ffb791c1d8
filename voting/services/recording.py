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


def record_path(poll: uuid.UUID, size: int) -> Path:
    """Where the record of a log of ``size`` leaves is kept: a log that grew has another."""
    return Path(settings.DATA_DIR) / "records" / f"record-{poll}-{size}.zip"


def present_record(*, poll: uuid.UUID) -> Path:
    """The record of the log as it stands, written on first request."""
    size = Log.objects.values_list("size", flat=True).get(pk=poll)
    path = record_path(poll, size)
    return path if path.exists() else export_record(poll=poll)


def export_record(*, poll: uuid.UUID) -> Path:
    """Write the record next to its final place and move it there in one step.

    Idempotent because the bytes follow from the log alone.
    """
    with _one_at_a_time:
        return _written(Log.objects.get(pk=poll))


@cache
def verifier() -> bytes:
    """``VERIFY.py``, joined once a process: Python 3.11 cannot parse in two threads at a time."""
    return bundle()


def _written(log: Log) -> Path:
    target = record_path(log.poll, log.size)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as record:
            for path, body in record_entries(log):
                _write(record, path, body)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def record_entries(log: Log) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of everything in the record, sorted by path; later leaves are left out."""
    poll = log.poll
    makers = {f"client/{path}": lambda body=body: body for path, body in client_files().items()}
    makers["README.txt"] = README.encode
    makers["VERIFY.py"] = verifier
    makers["manifest.json"] = lambda: bytes(log.manifest)
    makers["leaves.jsonl"] = lambda: _leaves(log)
    if (result := last_leaf(poll, "result")) is not None:
        makers["result.json"] = lambda: result
    notes = Checkpoint.objects.filter(poll=poll, size__lte=log.size)
    for size, note in notes.values_list("size", "note"):
        makers[f"checkpoints/{size:010d}"] = note.encode
    for tile in tiles.all_tiles(log.size):
        read = entry_bundle if tile.level is None else hash_tile
        makers[f"tiles/{tiles.path(tile)}"] = lambda read=read, tile=tile: read(poll, tile)
    for path in sorted(makers):
        yield path, makers[path]()


def _leaves(log: Log) -> bytes:
    rows = Leaf.objects.filter(poll=log.poll, index__lt=log.size).order_by("index")
    out = io.BytesIO()
    for body in rows.values_list("body", flat=True).iterator(chunk_size=2_000):
        out.write(bytes(body) + b"\n")
    return out.getvalue()


def _write(record: zipfile.ZipFile, path: str, body: bytes) -> None:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.create_system = 3  # Unix, so that the mode below means something
    entry.external_attr = 0o100644 << 16
    record.writestr(entry, body)
