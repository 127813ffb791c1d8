"""What a browser sends of a passkey: the library's forms, which believe that a browser sent it.

A value that is no answer of a passkey at all was kept as one, and a broken answer broke the page.
Deliberately absent: the ceremony itself.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as library

BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What the library's parsers raise for what no browser sends, instead of refusing it."""


@contextmanager
def _refused_if_broken(answer: object) -> Iterator[None]:
    if not isinstance(answer, dict):
        raise get_adapter().validation_error("incorrect_code")
    try:
        yield
    except BROKEN as error:
        raise get_adapter().validation_error("incorrect_code") from error


class MakingForm(library.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with _refused_if_broken(self.cleaned_data.get("credential")):
            return super().clean()


class SignupForm(library.SignupWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with _refused_if_broken(self.cleaned_data.get("credential")):
            return super().clean()


class ShowingForm(library.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with _refused_if_broken(self.cleaned_data["credential"]):
            return super().clean_credential()


class FreshForm(ShowingForm, library.ReauthenticateWebAuthnForm):
    """For a fresh sign-in."""


class LoginForm(ShowingForm, library.LoginWebAuthnForm):
    """For signing in by nothing else."""
