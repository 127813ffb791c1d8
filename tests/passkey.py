"""A device with passkeys, in software: it answers as WebAuthn Level 2 says, to the byte.

The key never leaves it. Deliberately absent: anything of our code, so that both must be right.
"""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


class Passkey:
    """One credential of one device, made by ``create`` and used by ``get``."""

    def __init__(self, origin: str = "http://127.0.0.1:8000", verified: bool = True) -> None:
        self.origin, self.verified = origin, verified
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.number = secrets.token_bytes(16)
        self.user = b""

    def create(self, options: dict) -> str:
        """What the browser sends for ``navigator.credentials.create``."""
        asked = options["publicKey"]
        self.user = raw(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.number).to_bytes(2) + self.number + cbor.encode(public)
        data = self._about(asked["rp"]["id"], ATTESTED) + attested
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": text(client), "attestationObject": text(statement)},
            {"credProps": {"rk": True}},
        )

    def get(self, options: dict) -> str:
        """What the browser sends for ``navigator.credentials.get``."""
        asked = options["publicKey"]
        client = self._client("webauthn.get", asked["challenge"])
        data = self._about(asked["rpId"], 0)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(client), "authenticatorData": text(data),
                "signature": text(signature), "userHandle": text(self.user),
            },
            {},
        )  # fmt: skip

    def _about(self, party: str, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict, results: dict) -> str:
        number = text(self.number)
        return json.dumps({
            "id": number, "rawId": number, "type": "public-key", "response": response,
            "clientExtensionResults": results, "authenticatorAttachment": "platform",
        })  # fmt: skip
