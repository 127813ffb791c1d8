"""Reading what C2SP specifies: signed notes, checkpoints (tlog-checkpoint), proofs (tlog-proof).

They are read strictly and never written; extension lines do not exist in protocol 1.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from .ed25519 import ed25519_valid
from .text import Malformed, decode_base64

NOTE_LIMIT = 65_536
NUMBER = re.compile(r"(0|[1-9][0-9]{0,15})\Z")
PROOF_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class LogKey:
    """The log's name and Ed25519 key; ``hint`` is the four-byte key id."""

    name: str
    hint: bytes
    public: bytes


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself at one size; ``signatures`` are (name, hint, bytes), unverified."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True)
class Proof:
    """Where a leaf stands: ``digest`` is its hash if stated, ``path`` the neighbours' hashes."""

    digest: bytes | None
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint


def read_vkey(text: str) -> LogKey:
    """The key of ``name+hex8+base64``; Malformed if any part contradicts another."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not parts[0] or re.search(r"\s", parts[0]):
        raise Malformed("The log's key is not of the form name+hint+key.")
    raw = decode_base64(parts[2])
    if len(raw) != 33 or raw[0] != 1:
        raise Malformed("The log's key is not an Ed25519 key.")
    hint = hashlib.sha256(parts[0].encode() + b"\n" + raw).digest()[:4]
    if hint.hex() != parts[1]:
        raise Malformed("The hint in the log's key does not belong to the key.")
    return LogKey(parts[0], hint, raw[1:])


def read_checkpoint(raw: bytes) -> Checkpoint:
    """The checkpoint in a signed note; signatures are read, not verified."""
    text, signed, lines = _text_of(raw).rpartition("\n\n")
    body = (text + "\n").split("\n")
    if not signed or len(body) != 4 or not body[0] or not NUMBER.match(body[1]):
        raise Malformed("The checkpoint is not origin, size, root and signatures.")
    if not lines.endswith("\n"):
        raise Malformed("The last line of the checkpoint is not finished.")
    signatures = tuple(_signature_line(line) for line in lines[:-1].split("\n"))
    return Checkpoint(
        body[0], int(body[1]), _digest_line(body[2]), (text + "\n").encode(), signatures
    )


def signed_by(checkpoint: Checkpoint, key: LogKey) -> bool:
    """Whether ``key`` signed it; other keys' lines are ignored, all of this key's must hold."""
    own = [raw for name, hint, raw in checkpoint.signatures if (name, hint) == (key.name, key.hint)]
    return bool(own) and all(ed25519_valid(key.public, checkpoint.text, raw) for raw in own)


def read_proof(text: str) -> Proof:
    """A proof of C2SP tlog-proof@v1 whose extra data, if any, is the leaf's hash."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != PROOF_HEAD:
        raise Malformed(f"The proof does not begin with {PROOF_HEAD}.")
    digest = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        digest = _digest_line(lines.pop(1)[6:])
    if len(lines) < 2 or not lines[1].startswith("index ") or not NUMBER.match(lines[1][6:]):
        raise Malformed("The proof does not say the leaf's index.")
    path = tuple(_digest_line(line) for line in lines[2:])
    return Proof(digest, int(lines[1][6:]), path, read_checkpoint(note.encode("utf-8", "replace")))


def _text_of(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("The checkpoint is not UTF-8.") from None
    if len(raw) > NOTE_LIMIT or any(sign < " " and sign != "\n" for sign in text):
        raise Malformed("The checkpoint is too long or holds control characters.")
    return text


def _digest_line(text: str) -> bytes:
    raw = decode_base64(text)
    if len(raw) != 32:
        raise Malformed("A hash does not have 32 bytes.")
    return raw


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = decode_base64(encoded)
    if dash != "—" or not name or "+" in name or len(raw) < 5:
        raise Malformed("A signature line of the checkpoint is not dash, name and signature.")
    return name, raw[:4], raw[4:]
