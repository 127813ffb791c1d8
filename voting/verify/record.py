"""Reading the record's archive without trusting it: bombs, doubled entries, foreign entries.

Nothing is ever unpacked to disk, and what the entries mean is decided elsewhere.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from .findings import Report, Unreadable

LEAF_LIMIT = 65_535
BUNDLE_LIMIT = 256 * (LEAF_LIMIT + 2)
CLIENT_LIMIT = 16 * 2**20
BOMB_FLOOR = 64 * 2**20
BOMB_FACTOR = 20
MODE = 0o644
EPOCH = (1980, 1, 1, 0, 0, 0)
CHECKPOINT_NAME = re.compile(r"checkpoints/([0-9]{10})\Z")
COMPANIONS = ("README.txt", "VERIFY.py")
ZIP_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)


class Damaged(Exception):
    """An entry that does not read back; the message is a sentence for people."""


class Record:
    """The entries of an open archive; whatever is read or named is no longer ``left``."""

    def __init__(self, archive: zipfile.ZipFile, length: int) -> None:
        self._archive = archive
        self._infos = archive.infolist()
        self._length = length
        self._left = {info.filename: info for info in self._infos}
        self._entries = dict(self._left)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def left(self) -> list[str]:
        """Names that nobody asked for, in order."""
        return sorted(self._left)

    def doubles(self) -> list[str]:
        """Names that stand in the archive more than once."""
        counts = Counter(info.filename for info in self._infos)
        return sorted(name for name, count in counts.items() if count > 1)

    def checkpoint_sizes(self) -> list[int]:
        """The sizes under which checkpoints are filed, ascending."""
        matches = map(CHECKPOINT_NAME.match, self._entries)
        return sorted(int(match[1]) for match in matches if match)

    def read(self, name: str, limit: int) -> bytes | None:
        """The bytes of one entry, None where it is absent; Damaged beyond ``limit`` bytes."""
        self._left.pop(name, None)
        info = self._entries.get(name)
        if info is None:
            return None
        with _reading(name), self._archive.open(info) as stream:
            raw = stream.read(limit + 1)
            if len(raw) > limit:
                raise Damaged(f"{name} is longer than the {limit} bytes it may have.")
            return raw

    def leaves(self) -> Iterator[bytes]:
        """Each line of leaves.jsonl with its newline; one too long comes in pieces without."""
        self._left.pop("leaves.jsonl", None)
        with _reading("leaves.jsonl"), self._archive.open("leaves.jsonl") as stream:
            while line := stream.readline(LEAF_LIMIT + 2):
                yield line

    def oddities(self) -> list[str]:
        """Sentences on what keeps the archive from having its one deterministic form."""
        names = [info.filename for info in self._infos]
        faults = {
            "The entries are not sorted by name.": names != sorted(names),
            "An entry is compressed.": any(info.compress_type for info in self._infos),
            "An entry is not dated 1980-01-01.": any(i.date_time != EPOCH for i in self._infos),
            "An entry does not have mode 0644.": any(map(_odd_mode, self._infos)),
            "There are directories.": any(info.is_dir() for info in self._infos),
            "There are comments or extra fields.": any(map(_odd_extra, self._infos)),
            "There are bytes outside the entries.": self._length != self._expected_length(),
        }
        return [sentence for sentence, true in faults.items() if true]

    def _expected_length(self) -> int:
        sizes = (i.compress_size + 76 + 2 * len(i.orig_filename.encode()) for i in self._infos)
        zip64 = 76 if len(self._infos) > 0xFFFF else 0
        return sum(sizes) + 22 + zip64


def open_record(stream: BinaryIO) -> Record:
    """The record in an open file; Unreadable if it is no zip or would swell beyond measure."""
    length = stream.seek(0, 2)
    try:
        archive = zipfile.ZipFile(stream)
    except ZIP_TROUBLE:
        raise Unreadable("This is not a zip archive.") from None
    if sum(info.file_size for info in archive.infolist()) > BOMB_FLOOR + BOMB_FACTOR * length:
        raise Unreadable("The archive would swell to many times its size: it is not read.")
    return Record(archive, length)


def check_archive(record: Record, report: Report) -> None:
    """Report doubled entries, red because two readers may see two records, and a loose form."""
    for name in record.doubles():
        report.red("record.duplicate", f"The entry {name} stands in the archive twice.")
    for sentence in record.oddities():
        report.yellow("record.form", sentence)
    report.did("record.duplicate", "record.form")


def check_leftovers(record: Record, report: Report) -> None:
    """Report entries that no check has asked for."""
    for name in record.left():
        if name not in COMPANIONS:
            report.yellow("record.unknown", f"Nothing is known of the entry {name}.")
    report.did("record.unknown")


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except ZIP_TROUBLE:
        raise Damaged(f"The entry {name} does not read back whole.") from None


def _odd_mode(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o7777 != MODE


def _odd_extra(info: zipfile.ZipInfo) -> bool:
    return bool(info.extra or info.comment or info.orig_filename != info.filename)
