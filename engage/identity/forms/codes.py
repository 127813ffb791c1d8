"""Forms for codes that came by mail or out of an app: every try counts before it is looked at.

The library counts tries in the session, where a hundred at once count as one. Deliberately absent:
what a wrong code was wrong about.
"""

import hashlib

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmEmailVerificationCodeForm, ConfirmLoginCodeForm
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from engage.identity.models import User
from engage.web.limits import spend


def count_try(target: str) -> None:
    """Count one try at a code of ``target``, an address or an account. Raises TooMany."""
    spend("sign-in-code", context.request, target)


class LoginCodeForm(ConfirmLoginCodeForm):
    def clean_code(self) -> str:
        stage = context.request._login_stage
        address = stage.state.get("email", "")
        count_try(address)
        return once(address, super().clean_code())


class EmailCodeForm(ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> str:
        count_try(self.email)
        return once(self.email, super().clean_code())


class FreshCodeForm(forms.Form):
    """The code of a fresh sign-in, sent to ``address``; ``expected`` is empty if none was sent."""

    code = forms.CharField(
        label=_("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )

    def __init__(self, address: str, expected: str, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.address, self.expected = address, expected

    def clean_code(self) -> str:
        count_try(self.address)
        if not compare_user_code(actual=self.cleaned_data["code"], expected=self.expected):
            raise get_adapter().validation_error("incorrect_code")
        return once(self.address, self.expected)


class SecondFactorForm(factor_forms.AuthenticateForm):
    def clean_code(self) -> str:
        count_try(str(self.user.pk))
        return once(str(self.user.pk), super().clean_code())


class FreshSecondFactorForm(factor_forms.ReauthenticateForm):
    def clean_code(self) -> str:
        count_try(str(self.user.pk))
        return once(str(self.user.pk), super().clean_code())


class AppForm(ActivateTOTPForm):
    user: User

    def clean_code(self) -> str:
        count_try(str(self.user.pk))
        return once(str(self.user.pk), super().clean_code())


def once(target: str, code: str) -> str:
    """``code``, for the first who brings it; of two at the same time one is refused."""
    used = hashlib.sha256(f"{target}\0{normalize_user_code(code)}".encode()).hexdigest()
    if not cache.add(f"code-used:{used}", True, timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT):
        raise get_adapter().validation_error("incorrect_code")
    return code
