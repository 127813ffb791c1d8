"""Receipts that other people's tools read: C2SP tlog-proof@v1, one leaf under one checkpoint.

The checkpoint's signature is not verified here: that is ``voting.crypto.ed25519``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from voting.domain import merkle
from voting.domain.notes import Checkpoint, from_base64, parse_checkpoint, to_base64
from voting.domain.refusal import Refusal

HEADER = "c2sp.org/tlog-proof@v1\n"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Proof:
    """A parsed proof; ``leaf_hash`` is its ``extra`` line, ``note`` the signed checkpoint."""

    leaf_hash: bytes
    index: int
    hashes: tuple[bytes, ...]
    note: str
    checkpoint: Checkpoint

    def includes(self, leaf: bytes) -> bool:
        """Whether it proves that the log of its checkpoint holds ``leaf`` at its index."""
        at = (self.index, self.checkpoint.size)
        expected = merkle.leaf_hash(leaf)
        return expected == self.leaf_hash and merkle.verify_inclusion(
            *at, expected, self.hashes, self.checkpoint.root
        )


def format_proof(leaf_hash: bytes, index: int, hashes: Sequence[bytes], note: str) -> str:
    """The text of a proof; ``hashes`` from the leaf upwards, ``note`` with its signatures."""
    lines = [f"extra {to_base64(leaf_hash)}", f"index {index}", *map(to_base64, hashes)]
    return HEADER + "\n".join(lines) + "\n\n" + note


def parse_proof(text: str) -> Proof:
    """Read one proof that carries its leaf hash. Raises ``Refusal("proof")``."""
    head, separator, note = text.removeprefix(HEADER).partition("\n\n")
    lines = head.split("\n")
    index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if not text.startswith(HEADER) or not separator or index is None:
        _refuse("This is not a proof of the form c2sp.org/tlog-proof@v1.")
    if not lines[0].startswith("extra "):
        _refuse("The proof does not carry its leaf's hash.")
    try:
        hashes = [from_base64(line) for line in (lines[0][6:], *lines[2:])]
        checkpoint = parse_checkpoint(note)
    except Refusal as problem:
        _refuse(problem.sentence)
    if any(len(each) != 32 for each in hashes):
        _refuse("A hash in the proof has not 32 bytes.")
    return Proof(hashes[0], int(index[1]), tuple(hashes[1:]), note, checkpoint)


def split_proofs(text: str) -> list[str]:
    """The single proofs of a concatenation; none of the empty text. Raises ``Refusal("proof")``."""
    if text and not text.startswith(HEADER):
        _refuse("This is not a proof of the form c2sp.org/tlog-proof@v1.")
    return [HEADER + part for part in text.split(HEADER)[1:]]


def _refuse(sentence: str) -> NoReturn:
    raise Refusal("proof", sentence)
