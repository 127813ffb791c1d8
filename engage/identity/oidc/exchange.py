"""One sign-in at the identity service: where to send a person, and what their coming back proves.

Deliberately absent: tokens that live on. What was asked for once is read once and forgotten.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from requests.auth import HTTPBasicAuth

from engage.identity.oidc import checks, directory
from engage.identity.oidc.checks import Service, untrusted
from engage.identity.oidc.configuration import Configured, callback_address
from engage.identity.oidc.fetching import Bearer, ask


@dataclass(frozen=True, slots=True)
class Journey:
    """What only this browser session knows of one way there and back."""

    nonce: str
    verifier: str
    begun_at: float
    afresh: bool = False

    @classmethod
    def begin(cls, now: float, *, afresh: bool = False) -> "Journey":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(64), now, afresh)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who came back: the account is (issuer, subject) and nothing else."""

    issuer: str
    subject: str
    mail: str
    born_on: date | None
    shown_again: bool  # they said there anew who they are, not only that they still are


def way_there(town: Configured, state: str, journey: Journey) -> str:
    """The address at the service to which a person goes. Raises Trouble.

    ``afresh``: they are to show there again who they are, also if the service still knows them.
    """
    service = directory.described(town)
    asked = {
        "response_type": "code",
        "client_id": town.client,
        "redirect_uri": callback_address(),
        "scope": _scope(town, service),
        "state": state,
        "nonce": journey.nonce,
        "code_challenge": checks.challenge_of(journey.verifier),
        "code_challenge_method": "S256",
    }
    if journey.afresh:
        asked |= {"prompt": "login", "max_age": "0"}
    if town.is_national and service.takes_claims:
        asked["claims"] = '{"userinfo":{"birthdate":null},"id_token":{"birthdate":null}}'
    joint = "&" if urlsplit(service.authorization).query else "?"
    return f"{service.authorization}{joint}{urlencode(asked)}"


def proof_of(
    town: Configured, parameters: dict[str, list[str]], journey: Journey, now: float, today: date
) -> Proof:
    """What the person who comes back with ``parameters`` has proved. Raises Trouble."""
    service = directory.described(town)
    code = checks.code_of(parameters, town.issuer, service.says_issuer)
    token, access = _tokens(town, service, code, journey.verifier)
    signed = directory.claims_signed_by(service, token)
    subject = checks.check_id_token(
        signed, issuer=town.issuer, client=town.client, nonce=journey.nonce, access=access, now=now
    )
    told = signed | _told_beside(service, subject, access)
    born = checks.born_on(told, today) if town.is_national else None
    again = checks.was_shown_again(signed, journey.begun_at)
    return Proof(town.issuer, subject, checks.verified_mail(told), born, again)


def _scope(town: Configured, service: Service) -> str:
    """No more than we use; a date of birth comes with the whole profile only where it must."""
    whole = town.is_national and not service.takes_claims
    return "openid email profile" if whole else "openid email"


def _tokens(town: Configured, service: Service, code: str, verifier: str) -> tuple[str, str]:
    """The signed token about the person, and the one that opens what is told beside it."""
    post = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": callback_address(),
        "code_verifier": verifier,
    }  # fmt: skip
    if service.secret_in_body:
        answer = ask(service.token, post=post | {"client_id": town.client,
                                                 "client_secret": town.secret})  # fmt: skip
    else:  # RFC 6749 section 2.3.1: each part encoded as in a form
        names = HTTPBasicAuth(quote_plus(town.client), quote_plus(town.secret))
        answer = ask(service.token, post=post, auth=names)
    if str(answer.get("token_type")).lower() != "bearer":
        raise untrusted("token-type")
    return _text(answer, "id_token"), _text(answer, "access_token")


def _told_beside(service: Service, subject: str, access: str) -> dict[str, Any]:
    """What the service tells without a signature, if it is about the very same person."""
    if not service.userinfo:
        return {}
    told = ask(service.userinfo, auth=Bearer(access))
    if checks.subject_of(told) != subject:
        raise untrusted("userinfo-sub")
    return {name: told[name] for name in ("email", "email_verified", "birthdate") if name in told}


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not (value.isascii() and value.isprintable() and value):
        raise untrusted(name)
    return value
