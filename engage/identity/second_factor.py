"""The second factor: a passkey or codes from an app, and who may not go without one.

Deliberately absent: any guess about devices. What was set up counts, not what it was set up on.
"""

import base64
import hashlib
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathFillImage

from engage.domain.errors import DomainError
from engage.identity.domain.roles import in_force
from engage.identity.models import User
from engage.web.town import present_town


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names and origin come from the town; secrets of apps are stored encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That did not fit. Try again, or take another way."),
    }

    def _get_site_name(self) -> str:
        return present_town().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_ORIGIN).hostname or "", "name": present_town().name}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def build_totp_svg(self, url: str) -> str:
        """Black on white also at night: cameras look for that."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _safe().decrypt(encrypted_text.encode()).decode()


def _safe() -> MultiFernet:
    """Locked with the town's key; keys before it still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"engage second factor\0" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def lacks_second_factor(person: User | AnonymousUser) -> bool:
    """Whether ``person`` works for the town and has yet to set one up. Two queries at most."""
    if not settings.STAFF_SECOND_FACTOR or not person.is_authenticated:
        return False
    works_here = person.is_staff or person.is_superuser
    works_here = works_here or bool(in_force(person.roles, None, timezone.now()))
    return works_here and not person.has_second_factor


class StaffSecondFactor:
    """Lead staff without a second factor to setting one up, wherever they would need their role.

    Their rights rest until then (``engage.identity.rules``), so being told that they have none, or
    the operators' pages, become the way to the passkey. Whatever they do as residents stays as it
    is, refusals included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(reverse("admin:index")) and lacks_second_factor(request.user):
            return redirect("mfa_index")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        resting = isinstance(error, DomainError) and error.code.endswith("forbidden")
        if resting and lacks_second_factor(request.user):
            return redirect("mfa_index")
        return None


def make_recovery_codes(person: User) -> None:
    """Codes for the day the passkey is lost. Idempotent: those that are there stay."""
    RecoveryCodes.activate(person)
