"""Putting two accounts of one person together. That both are theirs is the caller's to have proved.

Deliberately absent: joining by address, name or guess, and joining accounts that would lose a way
in, a role or a vote by it; those come to the town hall.
"""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.holdings import Moved, move_to_account
from engage.identity.models import Claim, User
from engage.identity.services.erasing import erase_account


def join_accounts(*, old: User, into: User) -> Moved:
    """Take how ``old`` signs in, what was proved of it and what it did to ``into``; ``old`` goes.

    Locks both. Raises DomainError("account.apart") if one of them would lose something, or one
    person would count twice; then nothing has changed.
    """
    try:
        with transaction.atomic():
            return _join(old, into)
    except IntegrityError as error:  # the other took part this moment
        raise _apart() from error


def _join(old: User, into: User) -> Moved:
    locked = User.objects.select_for_update().filter(pk__in=(old.pk, into.pk)).order_by("pk")
    people = {person.pk: person for person in locked}
    if len(people) != 2 or _stands_alone(people[old.pk]):
        raise _apart()
    _move_claims(old, into)
    SocialAccount.objects.filter(user=old).update(user=into)
    moved = move_to_account(old.pk, into)
    if moved.stayed:
        raise _apart()
    erase_account(person=old, keep_texts=True)
    return moved


def _stands_alone(old: User) -> bool:
    """Whether it has more than outside accounts: an address, keys of its own, an office."""
    return (
        old.is_staff
        or old.is_superuser
        or old.grants.exists()
        or old.authenticator_set.exists()
        or EmailAddress.objects.filter(user=old, verified=True).exists()
    )


def _move_claims(old: User, into: User) -> None:
    """Two people cannot be one: where both were proved, by different papers, they stay apart."""
    known = {claim.level for claim in Claim.objects.filter(person=into)}
    for claim in Claim.objects.filter(person=old):
        if claim.level in known:
            raise _apart()
        claim.person = into
        claim.save(update_fields=["person"])


def _apart() -> DomainError:
    sentence = _(
        "These two accounts cannot be put together here: both took part in the same thing, or the "
        "other one has ways in or proofs of its own. Nothing was changed. The town hall can look "
        "at both with you."
    )
    return DomainError("account.apart", sentence, next=reverse("socialaccount_connections"))
