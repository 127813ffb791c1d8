"""What an identity service says, held against what must be true; each fault is refused by name.

Pure: no network, no clock, no Django. Signatures are ``signatures``' own matter, as they need a
library; everything that is said under them is judged here.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from math import isfinite
from urllib.parse import urlsplit

LEEWAY_S = 60  # how far two clocks may be apart
FRESH_S = 600  # nobody takes longer between leaving us and coming back
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2
LONGEST_PARAMETER = 4096
ONCE = ("state", "code", "iss", "error")

Said = Mapping[str, object]


class Trouble(Exception):
    """Why nobody was signed in. ``kind`` chooses the words people read, ``reason`` is for the log.

    Kinds: cancelled, stale (begun elsewhere, used, too old), refused (the service would not),
    unreachable, untrusted (what it says does not hold).
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind, self.reason = kind, reason


def untrusted(reason: str) -> Trouble:
    return Trouble("untrusted", reason)


@dataclass(frozen=True, slots=True)
class Service:
    """What a service says of itself under its well-known address, as far as we need it."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    says_issuer: bool
    takes_claims: bool
    secret_in_body: bool


def service_of(document: Said, issuer: str) -> Service:
    """The service that ``document`` describes, which must be the very one we asked."""
    if document.get("issuer") != issuer:
        raise untrusted("metadata-issuer")
    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    ways = ways if isinstance(ways, list) else []
    return Service(
        authorization=_address(document, "authorization_endpoint", issuer),
        token=_address(document, "token_endpoint", issuer),
        keys=_address(document, "jwks_uri", issuer),
        userinfo=_address(document, "userinfo_endpoint", issuer, may_lack=True),
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        takes_claims=document.get("claims_parameter_supported") is True,
        secret_in_body="client_secret_basic" not in ways and "client_secret_post" in ways,
    )


def code_of(parameters: Mapping[str, Sequence[str]], issuer: str, says_issuer: bool) -> str:
    """The code that came back, if it came once, from ``issuer`` and with no error.

    RFC 9207: a service that says who it is in its answers must do so in each of them, or the code
    may be another's.
    """
    for name in ONCE:
        told = parameters.get(name, [])
        if len(told) > 1 or any(len(value) > LONGEST_PARAMETER for value in told):
            raise untrusted(f"callback-{name}")
    told = {name: values[0] for name, values in parameters.items() if values}
    if told.get("iss", issuer) != issuer or (says_issuer and "iss" not in told):
        raise untrusted("mix-up")
    if told.get("error") == "access_denied":
        raise Trouble("cancelled", "access-denied")
    if "error" in told or not told.get("code"):
        raise Trouble("refused", "no-code")
    return told["code"]


def check_id_token(
    claims: Said, *, issuer: str, client: str, nonce: str, access: str, now: float
) -> str:
    """The subject, if the token was made by ``issuer`` for us, now, and for this very sign-in."""
    if claims.get("iss") != issuer:
        raise untrusted("iss")
    if claims.get("aud") not in (client, [client]):
        raise untrusted("aud")
    if claims.get("azp", client) != client:
        raise untrusted("azp")
    if not _same(claims.get("nonce"), nonce):
        raise untrusted("nonce")
    if "at_hash" in claims and not _same(claims["at_hash"], _half_hash(access)):
        raise untrusted("at_hash")
    _check_times(claims, now)
    return subject_of(claims)


def was_shown_again(claims: Said, begun_at: float) -> bool:
    """Whether the person told the service anew who they are, and its session was not just open."""
    return "auth_time" in claims and _number(claims, "auth_time") >= begun_at - LEEWAY_S


def subject_of(claims: Said) -> str:
    """``sub`` exactly as written: two spellings are two people."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise untrusted("sub")
    if not (subject.isascii() and subject.isprintable()):
        raise untrusted("sub")
    return subject


def verified_mail(claims: Said) -> str:
    """The address, if the service says in so many words that it is confirmed; else nothing."""
    mail = claims.get("email")
    return mail if isinstance(mail, str) and claims.get("email_verified") is True else ""


def born_on(claims: Said, today: date) -> date | None:
    """The date of birth if it is a whole one that somebody alive may have."""
    told = claims.get("birthdate")
    if not isinstance(told, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", told):
        return None
    try:
        born = date.fromisoformat(told)
    except ValueError:
        return None
    return born if born <= today and today.year - born.year <= 130 else None


def challenge_of(verifier: str) -> str:
    """PKCE, S256 (RFC 7636 section 4.2).

    >>> challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return _base64(sha256(verifier.encode()).digest())


def _check_times(claims: Said, now: float) -> None:
    if not now - LEEWAY_S < _number(claims, "exp"):
        raise untrusted("exp")
    if not now - FRESH_S - LEEWAY_S <= _number(claims, "iat") <= now + LEEWAY_S:
        raise untrusted("iat")
    if "nbf" in claims and not _number(claims, "nbf") <= now + LEEWAY_S:
        raise untrusted("nbf")


def _number(claims: Said, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise untrusted(name)
    return value


def _same(told: object, known: str) -> bool:
    return isinstance(told, str) and compare_digest(told.encode(errors="replace"), known.encode())


def _half_hash(access: str) -> str:
    return _base64(sha256(access.encode()).digest()[:16])


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def is_address(text: object, *, plain_allowed: bool) -> bool:
    """Whether ``text`` is an absolute https address (or http where that is allowed)."""
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
    return named and not parts.fragment and parts.scheme in ("https", "http"[: plain_allowed * 4])


def _address(document: Said, name: str, issuer: str, *, may_lack: bool = False) -> str:
    """An endpoint; in plain text only where the issuer is, which only development allows."""
    address = document.get(name)
    if address is None and may_lack:
        return ""
    if not is_address(address, plain_allowed=issuer.startswith("http://")):
        raise untrusted(name)
    return str(address)
