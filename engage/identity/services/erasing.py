"""Erasing an account at once: whatever counts stays as a count, everything else is gone.

Deliberately absent: a list of the erased, a time to think it over, and any copy. What an app holds
is erased by the app (``engage.identity.holdings``); here is what this one holds.
"""

import uuid
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.roles import in_force
from engage.identity.holdings import holdings
from engage.identity.mail import confirmed_address, deliver, farewell
from engage.identity.models import Assistance, Consent, User
from engage.identity.services.ending import end_sessions, sessions_of

FORMER_STAFF = uuid.UUID(int=1)


def erase_account(*, person: User, keep_texts: bool) -> None:
    """Erase ``person`` from every table now; their texts stay without a name or go with them.

    Locks the account. All or nothing: one transaction, sessions included; a last mail says that it
    is done. Idempotent because who is gone stays gone. Raises DomainError("account.in-office").
    """
    sessions = sessions_of(person.pk)
    with transaction.atomic():
        found = User.objects.select_for_update().filter(pk=person.pk).first()
        if found is None:
            return
        refuse_in_office(found)
        address = confirmed_address(found)
        last = farewell(address) if address else None
        for holding in reversed(holdings()):
            holding.erase(found, keep_texts)
        end_sessions(sessions)
        if last:
            transaction.on_commit(partial(deliver, last))


def refuse_in_office(person: User) -> None:
    """Whoever works for the town hands their roles back first, so that none is left without.

    Raises DomainError("account.in-office").
    """
    held = in_force(person.roles, None, timezone.now())
    if person.is_staff or person.is_superuser or held:
        sentence = _(
            "You work for the town here. Ask an administrator to end your roles first; then you "
            "can erase your account like everybody else."
        )
        raise DomainError("account.in-office", sentence, next=reverse("you-data"))


def erase_identity(person: User, keep_texts: bool) -> None:
    """What this app holds of ``person``: their acts in office stay, without saying whose.

    The account goes last, and all that hangs on it with it.
    """
    left = former_staff()
    Assistance.objects.filter(clerk=person).update(clerk=left)
    _forget_in_log(person)
    LogEntry.objects.filter(user=person).update(user=left)
    Assistance.objects.filter(person=person).delete()
    Consent.objects.filter(person=person).delete()
    person.delete()


def former_staff() -> User:
    """One account for all who left: acts in office need somebody, and nobody can sign in as it."""
    return User.objects.get_or_create(pk=FORMER_STAFF, defaults={"is_active": False})[0]


def _forget_in_log(person: User) -> None:
    """Operators' log lines that name the person: by key, by address or by name."""
    accounts = ContentType.objects.get_for_model(User)
    named = Q(content_type=accounts, object_id=str(person.pk))
    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    for word in filter(None, {person.email, *addresses, person.display_name, str(person.pk)}):
        named |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
    LogEntry.objects.filter(named).delete()
