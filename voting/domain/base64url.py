"""Bytes inside JSON: base64url without padding and with zero stray bits (RFC 4648 section 5).

One sequence of bytes has one text; other spellings are refused, not understood.
"""

import base64
import binascii

from voting.domain.refusal import Refusal


def encode(raw: bytes) -> str:
    """The one text of ``raw``.

    >>> encode(bytes([251, 255]))
    '-_8'
    """
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: object, length: int | None = None) -> bytes:
    """The bytes of ``text``: ``encode(decode(text)) == text``; of ``length`` bytes where given.

    Raises ``Refusal("fields")`` for anything but a text, and for padding, other signs, stray
    bits, another length.
    """
    if not isinstance(text, str) or not text.isascii():
        raise Refusal("fields", "A field that must be base64url is not.")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Refusal("fields", "A field that must be base64url is not.") from None
    # The library skips signs it does not know; writing the bytes again shows what it skipped.
    if encode(raw) != text:
        raise Refusal("fields", "A field that must be base64url is not.")
    if length is not None and len(raw) != length:
        raise Refusal("fields", "A field of bytes has the wrong length.")
    return raw
