"""How allauth keeps an account of the identity service: what it asks us, and our answers.

An e-mail address never joins two accounts, and none is needed. Deliberately absent: names and
pictures, which the service may know and we do not ask for.
"""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from engage.identity.models import User
from engage.identity.oidc.checks import Trouble
from engage.identity.oidc.configuration import Configured, configured

MAIL = "mail"  # where the address waits, in the state of the sign-in


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only the service that the environment names; no query."""
        town = configured()
        if town is None or provider not in (None, "oidc", town.issuer):
            return []
        return [_app(town)] if client_id in (None, town.client) else []

    def get_app(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SocialApp:
        """Also a service that the town no longer has: people may still see and remove it."""
        known = self.list_apps(request, provider, client_id)
        if known:
            return known[0]
        if "://" not in provider:
            raise SocialApp.DoesNotExist
        return SocialApp(provider="oidc", provider_id=provider, name=provider)

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        """allauth takes a name that it does not know for a kind of provider; ours are issuers."""
        from engage.identity.provider import IdentityService

        return IdentityService(request, self.get_app(request, provider, client_id))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Nothing but a confirmed address; no address is nothing, not an empty one."""
        sociallogin.user.email = data.get("email") or None
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Put the address aside: allauth would ask, in public, whether it is known here."""
        sociallogin.state[MAIL] = sociallogin.user.email if not sociallogin.is_existing else None
        if not sociallogin.is_existing:
            _take_mail(sociallogin, None)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account with its address; without it where the address is known here.

        Nothing is told of that. Raises Trouble if the same person makes it elsewhere this moment.
        """
        mail = _usable(sociallogin.state.pop(MAIL, None))
        for each in (mail, None) if mail else (None,):
            _take_mail(sociallogin, each)
            try:
                with transaction.atomic():
                    return super().save_user(request, sociallogin, form)
            except IntegrityError as error:
                failed = error
        raise Trouble("stale", "twice") from failed


def _app(town: Configured) -> SocialApp:
    return SocialApp(
        provider="oidc", provider_id=town.issuer, name=town.name, client_id=town.client,
        secret=town.secret, settings={},
    )  # fmt: skip


def _usable(mail: str | None) -> str | None:
    """``mail``, if it is one that we would take from a form and nobody has it here."""
    if not mail:
        return None
    try:
        get_account_adapter().clean_email(mail)
    except ValidationError:
        return None
    taken = EmailAddress.objects.filter(email__iexact=mail).exists()
    return None if taken or User.objects.filter(email__iexact=mail).exists() else mail


def _take_mail(sociallogin: SocialLogin, mail: str | None) -> None:
    confirmed = [EmailAddress(email=mail, verified=True, primary=True)] if mail else []
    sociallogin.user.email, sociallogin.email_addresses = mail, confirmed
