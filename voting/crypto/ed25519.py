"""Ed25519 for the log's own signatures: checkpoints and promises (RFC 8032).

Ballots are never signed with it: libraries disagree about edge cases that a hostile voter could
choose, whereas here the log's keeper signs and can gain nothing by an odd signature.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from voting.domain.notes import Checkpoint, parse_checkpoint, parse_vkey
from voting.domain.refusal import Refusal


def generate() -> tuple[bytes, bytes]:
    """A new key pair: seed (32 bytes, secret) and public key (32 bytes)."""
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    return seed, public_key(seed)


def public_key(seed: bytes) -> bytes:
    """The public key (32 bytes) of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature, 64 bytes; the same for the same message."""
    return _private_key(seed).sign(message)


@lru_cache(maxsize=64)
def _private_key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is the key's on ``message``; False also for malformed bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def open_checkpoint(note: str, vkey: str) -> Checkpoint:
    """The checkpoint of a note that the log's key has signed.

    Signatures by keys not asked for are passed over (C2SP signed-note). Raises
    ``Refusal("checkpoint")`` if the form, the origin or a signature of this key is wrong.
    """
    checkpoint, key = parse_checkpoint(note), parse_vkey(vkey)
    ours = [s.signature for s in checkpoint.signatures if s[:2] == (key.name, key.key_id)]
    text = checkpoint.text.encode()
    if checkpoint.origin != key.name:
        raise Refusal("checkpoint", "This checkpoint is of another log.")
    if not ours or not all(verify(key.public, text, signature) for signature in ours):
        raise Refusal("checkpoint", "This checkpoint is not signed by the log's key.")
    return checkpoint
