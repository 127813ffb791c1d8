"""What the issuer signs blindly: one voter's one-poll public key.

The signing itself is ``voting.domain.blind_rsa``.
"""

LABEL = b"civic-ballot/1 token\n"
LENGTH = 150


def token_message(prefix: bytes, manifest_sha256: bytes, public: bytes) -> bytes:
    """RFC 9474's ``input_msg``, 150 bytes; ``prefix`` is its 32-byte randomiser ``msg_prefix``.

    Holds the manifest's hash, so that a token of one poll is worth nothing in another.
    """
    message = prefix + LABEL + manifest_sha256 + public
    if (len(prefix), len(manifest_sha256), len(public)) != (32, 32, 65):
        raise ValueError("a token message is made of 32, 32 and 65 bytes")
    return message
