"""A fresh sign-in for what must not be done from a browser left open: downloads, keys, erasure.

Deliberately absent: passwords. A person shows again what they sign in with: their passkey or app,
else a code by e-mail.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from engage.identity.models import User
from engage.web.limits import TooMany, spend, too_many

View = Callable[..., HttpResponse]

ENTRANCE = "/accounts/"
KEYS = {
    "account_email", "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "socialaccount_connections",
}  # fmt: skip
"""Pages of the accounts library that change how somebody signs in."""

QUESTION = "mfa_login_webauthn"
"""What a passkey is to sign: kept in a session, so that asking for it is a step too."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person has shown in the last minutes who they are.

    Whoever has a passkey or an app has to show that: a mailbox alone must not open what they lock.
    """
    records = get_authentication_records(request, request.user)
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    recent = {each["method"] for each in records if each["at"] > since and _was_shown(each)}
    return bool(recent) and ("mfa" in recent or not request.user.has_second_factor)


def _was_shown(record: dict[str, Any]) -> bool:
    """An identity service may have known somebody by its cookie alone, unless it said otherwise."""
    return record["method"] != "socialaccount" or bool(record.get("reauthenticated"))


def fresh_sign_in(view: View) -> View:
    """Lead whoever asks for ``view`` through a fresh sign-in first, and then back to it."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refresh(request) or view(request, *args, **kwargs)

    return asked


def refresh(request: HttpRequest) -> HttpResponse | None:
    """The way through a fresh sign-in and back to this page; None for whoever is fresh.

    A form that was sent is kept in the session and done afterwards.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if is_fresh(request):
        return None
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return suspend_request(request, ways[0]["url"])


class SignInMiddleware:
    """Count every step of signing in; ask for a fresh sign-in before anybody changes their keys.

    The library asks by itself only those who have a second factor already.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: list, kwargs: dict
    ) -> HttpResponse | None:
        if not request.path.startswith(ENTRANCE):
            return None
        route = request.resolver_match
        try:
            if request.method == "POST" or (route and route.url_name == QUESTION):
                spend("sign-in", request)
        except TooMany as refusal:
            return too_many(request, refusal)
        return refresh(request) if route and route.url_name in KEYS else None


def watch() -> None:
    """Whoever has just set up a passkey or an app has shown it; do not ask for it again at once."""
    factor_signals.authenticator_added.connect(_shown)


def _shown(
    sender: object,
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    **_kwargs: object,
) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )
