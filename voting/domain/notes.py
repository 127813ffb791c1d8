"""Checkpoints of the log as C2SP signed notes, and the text form of the log's public key.

C2SP signed-note and tlog-checkpoint, Ed25519 (type 0x01) only and no extension lines. Nothing is
signed or verified here: that is ``voting.crypto.ed25519``.
"""

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple, NoReturn

from voting.domain.refusal import Refusal

ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNATURES = 16  # C2SP asks readers to take at least 16


class VerifierKey(NamedTuple):
    """Who may sign a note: ``name``, ``key_id`` (4 bytes) and Ed25519 ``public`` (32 bytes)."""

    name: str
    key_id: bytes
    public: bytes


class NoteSignature(NamedTuple):
    """One signature line: key name, key id (4 bytes), and the signature's own bytes."""

    name: str
    key_id: bytes
    signature: bytes


class Checkpoint(NamedTuple):
    """A parsed, not yet verified checkpoint; ``text`` is what the signatures cover."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[NoteSignature, ...]


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that tell keys of one name apart: SHA-256(name ‖ LF ‖ 0x01 ‖ public)[:4]."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def vkey(name: str, public: bytes) -> str:
    """The verifier key as text: ``name+hex(key id)+base64(0x01 ‖ public)``."""
    return f"{name}+{key_id(name, public).hex()}+{to_base64(ED25519 + public)}"


def parse_vkey(text: object) -> VerifierKey:
    """Read a verifier key; its key id must be that of its name and bytes. Raises ``Refusal``."""
    parts = text.split("+", 2) if isinstance(text, str) else []
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        _refuse("The log's key is not of the form name+id+key.")
    name, raw = parts[0], from_base64(parts[2])
    if len(raw) != 33 or raw[:1] != ED25519 or key_id(name, raw[1:]).hex() != parts[1]:
        _refuse("The log's key does not agree with its key id.")
    return VerifierKey(name, key_id(name, raw[1:]), raw[1:])


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines of a checkpoint, which its signature covers."""
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def note(text: str, name: str, key_id: bytes, signature: bytes) -> str:
    """``text`` and one signature line (C2SP signed-note)."""
    return f"{text}\n\u2014 {name} {to_base64(key_id + signature)}\n"


def parse_note(text: str) -> tuple[str, tuple[NoteSignature, ...]]:
    """Split a note into the text that is signed and its signatures. Raises ``Refusal``."""
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n") or _unprintable(text):
        _refuse("This is not a signed note.")
    lines = tail.split("\n")[:-1]
    if not 1 <= len(lines) <= _SIGNATURES:
        _refuse("A signed note carries between 1 and 16 signatures.")
    return body + "\n", tuple(_signature_line(line) for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a signed checkpoint. Raises ``Refusal("checkpoint")``; verifies no signature."""
    body, signatures = parse_note(text)
    lines = body.split("\n")
    if len(lines) != 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        _refuse("A checkpoint has three lines: origin, size and root.")
    root = from_base64(lines[2])
    if len(root) != 32:
        _refuse("A checkpoint's root has 32 bytes.")
    return Checkpoint(lines[0], int(lines[1]), root, body, signatures)


def to_base64(raw: bytes) -> str:
    """Standard base64 with padding, as notes and proofs write bytes."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of strict standard base64. Raises ``Refusal("checkpoint")``."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return _refuse("Base64 in the log is damaged.")
    return raw if to_base64(raw) == text else _refuse("Base64 in the log has stray bits.")


def _signature_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        _refuse("A signature line of a note is damaged.")
    raw = from_base64(parts[2])
    if len(raw) < 5:
        _refuse("A signature line of a note is damaged.")
    return NoteSignature(parts[1], raw[:4], raw[4:])


def _unprintable(text: str) -> bool:
    return any((sign < " " and sign != "\n") or "\ud800" <= sign <= "\udfff" for sign in text)


def _refuse(sentence: str) -> NoReturn:
    raise Refusal("checkpoint", sentence)
