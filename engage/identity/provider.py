"""The town's identity service as a provider of allauth, which finds this module by its name.

Only what allauth needs to keep an account: which one it is, and an address if it is confirmed. The
way to the service and back, with every check, is in ``engage.identity.oidc``.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from engage.identity.oidc.exchange import Proof
from engage.identity.subjects import of_issuer


class OutsideAccount(ProviderAccount):
    """Called by the service's name: nothing else is kept that somebody could be called by."""

    def to_str(self) -> str:
        return self.get_brand()["name"]


class IdentityService(Provider):
    """An account is kept under its issuer, by a digest of (issuer, subject)."""

    id = "oidc"
    name = "OpenID Connect"
    package = "engage.identity.oidc"
    account_class = OutsideAccount
    uses_apps = True
    supports_redirect = True

    def __init__(self, request: HttpRequest, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = app.name if app else self.name

    def get_login_url(self, request: HttpRequest, **query: str) -> str:
        return reverse("oidc_login") + (f"?{urlencode(query)}" if query else "")

    def extract_uid(self, data: Proof) -> str:
        return of_issuer(data.issuer, data.subject)

    def extract_extra_data(self, data: Proof) -> dict[str, object]:
        return {}

    def extract_email_addresses(self, data: Proof) -> list[EmailAddress]:
        if not data.mail:
            return []
        return [EmailAddress(email=data.mail.lower(), verified=True, primary=True)]

    def stash(self, request: HttpRequest, process: str, next_url: str | None, **known: Any) -> str:
        """Keep ``known`` in the session for one coming back; the name it is kept under."""
        return self.stash_redirect_state(request, process, next_url, **known)

    def unstash(self, request: HttpRequest, name: str) -> dict[str, Any] | None:
        """What was kept under ``name`` in this session, once and for ten minutes."""
        return statekit.unstash_state(request, provider_id=self.sub_id, state_id=name)


provider_classes = [IdentityService]
