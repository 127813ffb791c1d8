"""The code of a fresh sign-in: mailed when asked for, kept in the session until it comes back.

Deliberately absent: another address than the confirmed one.
"""

import time
from collections.abc import Mapping

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest

from engage.identity.forms.codes import FreshCodeForm

KEY = "fresh_code"


class FreshCode:
    """What waits for the person of ``request``; ``address`` is empty for whoever has none."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.address: str = EmailAddress.objects.get_primary_email(request.user) or ""

    @property
    def is_waiting(self) -> bool:
        return bool(self._expected())

    def send(self) -> None:
        """Mail a new code; the one before it counts no more, once this one is on its way.

        Raises TooMany, DomainError("mail.away").
        """
        if self.address:
            adapter = get_adapter(self.request)
            code = adapter.generate_login_code()
            adapter.send_mail("account/email/login_code", self.address, {"code": code})
            self.request.session[KEY] = {"code": code, "at": time.time()}

    def form(self, typed: Mapping[str, str] | None) -> FreshCodeForm:
        return FreshCodeForm(self.address, self._expected(), typed)

    def accept(self) -> None:
        """The right code has come back: the person is fresh from now on."""
        del self.request.session[KEY]
        record_authentication(
            self.request, self.request.user, "code", email=self.address, reauthenticated=True
        )

    def _expected(self) -> str:
        sent = self.request.session.get(KEY, {})
        if time.time() - sent.get("at", 0) >= settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
            return ""
        return str(sent["code"])
