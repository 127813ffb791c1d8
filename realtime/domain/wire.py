"""A message to a page as it is on the wire: one unmasked text frame (RFC 6455 section 5.2).

Deliberately absent: fragments, control frames, masking and compression; the servers do those.
"""

_TEXT = 0x81  # FIN, no extension, opcode 1


def text_frame(payload: bytes) -> bytes:
    """One final frame around ``payload`` (UTF-8), its length written as shortly as it can be.

    >>> text_frame(b"Hello").hex(" ")  # section 5.7
    '81 05 48 65 6c 6c 6f'
    """
    size = len(payload)
    if size < 126:
        head = bytes((_TEXT, size))
    elif size < 1 << 16:
        head = bytes((_TEXT, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_TEXT, 127)) + size.to_bytes(8, "big")
    return head + payload
