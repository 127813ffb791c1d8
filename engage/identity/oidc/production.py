"""What an identity service may not be started without; asked by ``check``, more by ``--deploy``."""

from typing import Any

from django.core.checks import Error, Tags, register

from engage.identity.oidc.checks import is_address
from engage.identity.oidc.configuration import LEVELS, configured

LONGEST_ISSUER = 200  # the column it is kept in
SHORTEST_SECRET = 16


@register()
def identity_service_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse an issuer that is no address, a client without a name, a level that means nothing."""
    town = configured()
    if town is None:
        return []
    wanted = [
        (is_address(town.issuer, plain_allowed=True) and "?" not in town.issuer
         and len(town.issuer) <= LONGEST_ISSUER, "E030", "OIDC_ISSUER is not a web address."),
        (bool(town.client), "E031", "OIDC_CLIENT_ID is not set."),
        (town.level in LEVELS, "E032", f"OIDC_LEVEL is none of: {', '.join(LEVELS)}."),
    ]  # fmt: skip
    return _errors(wanted)


@register(Tags.security, deploy=True)
def identity_service_is_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse an issuer in plain text, which anybody on the way could play, and a missing secret."""
    town = configured()
    if town is None:
        return []
    return _errors([
        (town.issuer.startswith("https://"), "E033", "OIDC_ISSUER is not https."),
        (len(town.secret) >= SHORTEST_SECRET, "E034",
         f"OIDC_CLIENT_SECRET is shorter than {SHORTEST_SECRET} characters, or not set."),
    ])  # fmt: skip


def _errors(wanted: list[tuple[bool, str, str]]) -> list[Error]:
    return [Error(text, id=f"engage.{number}") for holds, number, text in wanted if not holds]
