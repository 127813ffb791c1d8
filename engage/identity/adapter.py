"""What we ask of allauth beyond its settings: plain mails, our words, our limits, our ways on.

And one answer everywhere to whose address counts. Deliberately absent: passwords.
"""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from engage.domain.errors import DomainError
from engage.identity.domain.mailboxes import is_address
from engage.identity.freshness import is_fresh
from engage.identity.models import User
from engage.identity.oidc.proving import keep_proof_of_login
from engage.identity.oidc.ways_in import outside_accounts_of
from engage.identity.second_factor import lacks_second_factor, make_recovery_codes
from engage.web.limits import by_address, spend
from engage.web.town import present_town

log = logging.getLogger("engage.mail")

NOTICES = ("mfa/email/", "account/email/email_changed", "socialaccount/email/")
"""Mails that tell of what was done. All others answer somebody's asking, and are counted."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code. Look again, or ask for another one."),
        "too_many_login_attempts": _("That was too often. Ask for a new code."),
    }

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {present_town().name}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return by_address("", request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing goes to what is no address, and nobody is told so.

        Raises TooMany, and DomainError("mail.away") where somebody waits for what cannot be sent.
        """
        if not template_prefix.startswith(NOTICES):
            spend("sign-in-mail", self.request, email)
        if template_prefix == "account/email/login_code":
            User.objects.filter(email=email).first()  # as is looked for an address nobody has
        if not is_address(email):
            return
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.warning("a mail could not be sent: %s", type(error).__name__)
            if not template_prefix.startswith(NOTICES):
                raise _mail_is_away() from None

    def clean_email(self, email: str) -> str:
        if not is_address(email):
            raise ValidationError(_("Enter the address as your mail program writes it."))
        return super().clean_email(email)

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of our own: the ballot box and other hosts we answer to are none."""
        return bool(url) and url[0] == "/" and url_has_allowed_host_and_scheme(url, None)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ours instead of the library's, which takes a code by mail from whoever has a passkey."""
        if not is_fresh(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """The strongest way first; a code by mail only for whoever has nothing stronger."""
        if not user.is_authenticated:
            return []
        kinds = set(user.authenticator_set.values_list("type", flat=True))
        ways = []
        if "webauthn" in kinds:
            ways.append(_way("mfa_reauthenticate_webauthn", _("Use your passkey")))
        if kinds & {"webauthn", "totp"} and kinds & {"totp", "recovery_codes"}:
            ways.append(_way("mfa_reauthenticate", _("Use a code from your app or your list")))
        if not ways and not user.email and outside_accounts_of(user).exists():
            ways.append(_way("oidc_fresh", _("Use your identity service")))
        return ways or [_way("fresh-code", _("Use a code by e-mail"))]

    def post_login(self, request: HttpRequest, user: User, **known: Any) -> HttpResponse:
        """New passkeys come with recovery codes; staff without a second factor set one up."""
        response = super().post_login(request, user, **known)
        keep_proof_of_login(request, user, known)
        if known["signup"] and not get_authentication_records(request, user):
            record_authentication(request, user, "code", email=user.email)  # it came to them
        if known["signup"] and user.has_second_factor:
            make_recovery_codes(user)
            return redirect("mfa_view_recovery_codes")
        return redirect("mfa_index") if lacks_second_factor(user) else response


def _mail_is_away() -> DomainError:
    sentence = _(
        "Our mail server does not answer just now, so no code could be sent. Nothing was lost: try "
        "again in a few minutes, or sign in with your passkey."
    )
    return DomainError("mail.away", str(sentence), next=reverse("account_login"))


def _way(name: str, words: Any) -> dict[str, Any]:
    return {"id": name, "description": words, "url": reverse(name)}
