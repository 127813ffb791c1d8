"""Which identity service this town has, as the environment says it; at most one.

Deliberately absent: services kept in the database, where a stolen staff session could add one.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

LEVELS = ("account", "national")


@dataclass(frozen=True)
class Configured:
    """The service as the town knows it: ``level`` says what a sign-in with it proves."""

    issuer: str
    client: str
    secret: str
    name: str
    level: str

    @property
    def is_national(self) -> bool:
        """Whether whoever signs in with it is proved to be one person of the nation's register."""
        return self.level == "national"

    @property
    def host(self) -> str:
        return _host(self.issuer)


def configured() -> Configured | None:
    """The town's identity service, if it has one."""
    told: dict[str, Any] = settings.OIDC
    if not told["issuer"]:
        return None
    return Configured(**told | {"name": told["name"] or _host(told["issuer"])})


def _host(issuer: str) -> str:
    return issuer.partition("://")[2].partition("/")[0] or issuer


def callback_address() -> str:
    """Where the service sends people back to: never taken from what a request says of its host."""
    return settings.SITE_ORIGIN + reverse("oidc_callback")
