"""What every template may ask about the identity service: its name, or nothing if there is none."""

from django.http import HttpRequest

from engage.identity.oidc.configuration import configured


def identity_service(request: HttpRequest) -> dict[str, object]:
    """``{% if identity_service %}``; no query and no request to anybody."""
    town = configured()
    return {
        "identity_service": town.name if town else "",
        "identity_service_proves": bool(town and town.is_national),
    }
