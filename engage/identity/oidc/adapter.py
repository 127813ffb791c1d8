"""How allauth keeps an account of the identity service: what it asks us, and our answers.

An e-mail address never joins two accounts, and none is needed. Deliberately absent: names and
pictures, which the service may know and we do not ask for.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from engage.identity.models import User
from engage.identity.oidc.checks import Trouble
from engage.identity.oidc.configuration import Configured, configured


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
        """Somebody new whose address is known here comes without it, and nothing is told."""
        if not sociallogin.is_existing and _is_known(sociallogin.user.email):
            _forget_mail(sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account; where another took its address just now, without it."""
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError:
            _forget_mail(sociallogin)
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError as error:  # they came twice at once; the other made the account
            raise Trouble("stale", "twice") from error


def _app(town: Configured) -> SocialApp:
    return SocialApp(
        provider="oidc", provider_id=town.issuer, name=town.name, client_id=town.client,
        secret=town.secret, settings={},
    )  # fmt: skip


def _is_known(mail: str | None) -> bool:
    if not mail:
        return False
    return (
        EmailAddress.objects.filter(email__iexact=mail).exists()
        or User.objects.filter(email__iexact=mail).exists()
    )


def _forget_mail(sociallogin: SocialLogin) -> None:
    sociallogin.user.email, sociallogin.email_addresses = None, []
