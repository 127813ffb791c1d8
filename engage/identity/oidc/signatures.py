"""Whether the service signed a token: RS256 or ES256 with a key that it publishes, nothing else.

What the token says is judged in ``checks``. Deliberately absent: shared secrets (HS256) and
unsigned tokens, also where a service says that it would like them.
"""

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from engage.identity.oidc.checks import Trouble, untrusted

KINDS = {"RS256": "RSA", "ES256": "EC"}
PUBLIC = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}
LEAST_BITS = 2048
UNJUDGED = dict.fromkeys(
    ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub",
     "verify_jti"), False,
)  # fmt: skip


class UnknownKey(Trouble):
    """No published key fits; the service may have changed its keys since we looked."""

    def __init__(self, reason: str) -> None:
        super().__init__("untrusted", reason)


def signed_claims(token: str, published: dict[str, Any]) -> dict[str, Any]:
    """What ``token`` says, if one of the ``published`` keys signed it.

    Raises Trouble, and ``UnknownKey`` where newer keys may help.
    """
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise untrusted("not-a-token") from error
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in KINDS or "crit" in header:
        raise untrusted("algorithm")
    key = _key(published, algorithm, header.get("kid"))
    try:
        return jwt.decode(token, key, algorithms=[algorithm], options=UNJUDGED)
    except jwt.InvalidSignatureError as error:
        raise UnknownKey("signature") from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise untrusted("not-a-token") from error


def _key(published: dict[str, Any], algorithm: str, name: object) -> Any:
    """The one published key that may have signed: of its kind, for signing, of that name."""
    keys = published.get("keys")
    found = [key for key in keys if _fits(key, algorithm, name)] if isinstance(keys, list) else []
    if len(found) != 1:
        raise UnknownKey("key")
    public = {part: found[0].get(part) for part in PUBLIC[KINDS[algorithm]]}
    try:
        key = jwt.PyJWK.from_dict(public, algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise untrusted("key-unreadable") from error
    if not _is_strong(key):
        raise untrusted("key-weak")
    return key


def _fits(key: object, algorithm: str, name: object) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") == KINDS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (name is None or key.get("kid") == name)
    )


def _is_strong(key: object) -> bool:
    if isinstance(key, RSAPublicKey):
        return key.key_size >= LEAST_BITS
    return isinstance(key, EllipticCurvePublicKey) and key.curve.name == "secp256r1"
