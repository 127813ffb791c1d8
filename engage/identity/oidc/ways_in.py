"""By which ways a person can still sign in, so that nobody takes away their own last one."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engage.identity.models import User
from engage.identity.oidc.configuration import configured


def outside_accounts_of(person: User) -> QuerySet[SocialAccount]:
    """The person's accounts at the service that the town has now."""
    town = configured()
    return SocialAccount.objects.filter(user=person, provider=town.issuer if town else "")


def has_another_way_in(account: SocialAccount) -> bool:
    """Whether ``account``'s person has a confirmed address, a passkey or another live account."""
    person = account.user
    return (
        EmailAddress.objects.filter(user=person, verified=True).exists()
        or Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()
        or outside_accounts_of(person).exclude(pk=account.pk).exists()
    )


def check_leaves_a_way_in(account: SocialAccount) -> None:
    """Raises ValidationError, for allauth's form, if nothing would be left."""
    if not has_another_way_in(account):
        sentence = _(
            "This is your only way in. Confirm an e-mail address or set up a passkey first, then "
            "you can disconnect it."
        )
        raise ValidationError(sentence, code="last-way-in")
