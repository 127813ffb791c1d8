"""By which ways a person can still sign in, so that nobody takes away their own last one."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engage.identity.oidc.configuration import configured


def has_another_way_in(account: SocialAccount) -> bool:
    """Whether ``account``'s person has a confirmed address, a passkey or another live account."""
    person, town = account.user, configured()
    mine = SocialAccount.objects.filter(user=person).exclude(pk=account.pk)
    return (
        EmailAddress.objects.filter(user=person, verified=True).exists()
        or Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()
        or (town is not None and mine.filter(provider=town.issuer).exists())
    )


def check_leaves_a_way_in(account: SocialAccount) -> None:
    """Raises ValidationError, for allauth's form, if nothing would be left."""
    if not has_another_way_in(account):
        sentence = _(
            "This is your only way in. Confirm an e-mail address or set up a passkey first, then "
            "you can disconnect it."
        )
        raise ValidationError(sentence, code="last-way-in")
