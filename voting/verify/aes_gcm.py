"""Opening AES-128-GCM (FIPS 197, NIST SP 800-38D): the last step in opening a sealed choice.

Plain integers, slow and not constant in time: the key is public by then. Sealing is deliberately
absent.
"""

from __future__ import annotations

from functools import lru_cache

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:  # slower, not weaker
    AESGCM = None  # type: ignore[assignment,misc]

BLOCK = 16
GCM_POLYNOMIAL = 0xE1 << 120


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, extra: bytes) -> bytes | None:
    """The plaintext of ``sealed`` (ciphertext and 16 bytes of tag), or None if the tag is wrong.

    ``key`` has 16 bytes, ``nonce`` 12; ``extra`` is authenticated with the text.
    """
    if len(sealed) < BLOCK:
        return None
    if AESGCM is not None:
        try:
            return AESGCM(key).decrypt(nonce, sealed, extra)
        except InvalidTag:
            return None
    return _gcm_plain(key, nonce, sealed, extra)


def _gcm_plain(key: bytes, nonce: bytes, sealed: bytes, extra: bytes) -> bytes | None:
    text, tag = sealed[:-BLOCK], sealed[-BLOCK:]
    rounds = _round_keys(key)
    lengths = (8 * len(extra)).to_bytes(8, "big") + (8 * len(text)).to_bytes(8, "big")
    hashed = _ghash(_aes_block(rounds, bytes(BLOCK)), _padded(extra) + _padded(text) + lengths)
    first = _aes_block(rounds, nonce + (1).to_bytes(4, "big"))
    if _xor(hashed, first) != tag:
        return None
    blocks = range(-(-len(text) // BLOCK))
    stream = b"".join(_aes_block(rounds, nonce + (i + 2).to_bytes(4, "big")) for i in blocks)
    return _xor(text, stream)


def _ghash(subkey: bytes, text: bytes) -> bytes:
    """SP 800-38D algorithm 2, bit by bit."""
    factor, total = int.from_bytes(subkey, "big"), 0
    for start in range(0, len(text), BLOCK):
        value = total ^ int.from_bytes(text[start : start + BLOCK], "big")
        total, shifted = 0, factor
        for bit in range(127, -1, -1):
            if value >> bit & 1:
                total ^= shifted
            shifted = shifted >> 1 ^ (GCM_POLYNOMIAL if shifted & 1 else 0)
    return total.to_bytes(BLOCK, "big")


def _padded(text: bytes) -> bytes:
    return text + bytes(-len(text) % BLOCK)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def _doubled(value: int) -> int:
    """Twice ``value`` in the field of FIPS 197."""
    return value << 1 ^ (0x11B if value & 0x80 else 0)


@lru_cache(maxsize=1)
def _substitution() -> bytes:
    """The S-box of FIPS 197 section 5.1.1: inverse in the field, then the affine map."""
    box, left, right = bytearray(256), 1, 1
    for _ in range(255):
        left = left ^ _doubled(left)
        for shift in (1, 2, 4):
            right ^= right << shift
        right &= 0xFF
        right ^= 0x09 if right & 0x80 else 0
        turned = right * 0x01010101
        box[left] = (
            0x63 ^ (right ^ (turned >> 7) ^ (turned >> 6) ^ (turned >> 5) ^ (turned >> 4)) & 0xFF
        )
    box[0] = 0x63
    return bytes(box)


def _round_keys(key: bytes) -> list[bytes]:
    """The eleven round keys of AES-128 (FIPS 197 section 5.2)."""
    box, constant = _substitution(), 1
    words = [key[i : i + 4] for i in range(0, BLOCK, 4)]
    while len(words) < 44:
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(box[byte] for byte in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _doubled(constant)
        words.append(_xor(word, words[-4]))
    return [b"".join(words[i : i + 4]) for i in range(0, 44, 4)]


def _aes_block(rounds: list[bytes], block: bytes) -> bytes:
    """One block under AES-128 (FIPS 197 section 5.1); bytes are in columns of four."""
    box = _substitution()
    state = _xor(block, rounds[0])
    for place, round_key in enumerate(rounds[1:], 1):
        shifted = bytes(box[state[(i + 4 * (i % 4)) % BLOCK]] for i in range(BLOCK))
        mixed = shifted if place == 10 else _mix_columns(shifted)
        state = _xor(mixed, round_key)
    return state


def _mix_columns(state: bytes) -> bytes:
    mixed = bytearray()
    for start in range(0, BLOCK, 4):
        column = state[start : start + 4]
        parity = column[0] ^ column[1] ^ column[2] ^ column[3]
        for i in range(4):
            pair = column[i] ^ column[(i + 1) % 4]
            mixed.append(column[i] ^ parity ^ _doubled(pair))
    return bytes(mixed)
