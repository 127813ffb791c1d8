"""What the service publishes, its description and its keys, remembered for an hour.

A key that is not among them makes us look again, at most once in ``AGAIN_S``: services change their
keys, and nobody may use us to knock at theirs.
"""

from hashlib import sha256
from typing import Any

from django.core.cache import cache

from engage.identity.oidc.checks import Service, service_of
from engage.identity.oidc.configuration import Configured
from engage.identity.oidc.fetching import ask
from engage.identity.oidc.signatures import UnknownKey, signed_claims

KEPT_S = 3_600
AGAIN_S = 10
WELL_KNOWN = "/.well-known/openid-configuration"


def described(town: Configured) -> Service:
    """The service's own description, checked anew each time it is used."""
    address = town.issuer.rstrip("/") + WELL_KNOWN
    document, fresh = _kept(address)
    service = service_of(document, town.issuer)
    if fresh:
        _keep(address, document)
    return service


def claims_signed_by(service: Service, token: str) -> dict[str, Any]:
    """What ``token`` says under a signature of the service, whose keys may be new since."""
    published, fresh = _kept(service.keys)
    if fresh:
        _keep(service.keys, published)
    try:
        return signed_claims(token, published)
    except UnknownKey:
        if fresh or not cache.add(_name(service.keys, "again"), True, AGAIN_S):
            raise
    published = ask(service.keys)
    _keep(service.keys, published)
    return signed_claims(token, published)


def _kept(address: str) -> tuple[dict[str, Any], bool]:
    """What is published there, and whether it was asked for just now."""
    kept = cache.get(_name(address))
    return (kept, False) if kept is not None else (ask(address), True)


def _keep(address: str, document: dict[str, Any]) -> None:
    cache.set(_name(address), document, KEPT_S)


def _name(address: str, what: str = "document") -> str:
    return f"oidc:{what}:{sha256(address.encode()).hexdigest()}"
