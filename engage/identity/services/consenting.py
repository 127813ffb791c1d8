"""Saying yes to a text and taking it back; saying what one wants no mail about.

Deliberately absent: a yes that is only assumed. Taking back keeps the row: both are facts.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from engage.identity.mail import TOPICS
from engage.identity.models import Consent, OptOut, User


@transaction.atomic
def give_consent(*, person: User, text: str, version: int) -> Consent:
    """Keep that ``person`` agreed to this version of ``text``.

    Idempotent because a version is agreed to once, until it is taken back.
    """
    given = Consent.objects.filter(person=person, text=text, version=version, withdrawn_at=None)
    try:
        with transaction.atomic():
            return given.first() or given.create(person=person, text=text, version=version)
    except IntegrityError:  # given in another window in this moment
        return given.get()


@transaction.atomic
def withdraw_consent(*, person: User, consent: int) -> bool:
    """Take back one's own consent from now on; whether there is such a one. Idempotent."""
    found = Consent.objects.select_for_update().filter(person=person, pk=consent).first()
    if found and found.withdrawn_at is None:
        found.withdrawn_at = max(timezone.now(), found.given_at)
        found.save(update_fields=["withdrawn_at"])
    return found is not None


def choose_mail(*, person: User, wanted: set[str]) -> None:
    """Send ``person`` mails about these topics, and about no other. Idempotent."""
    with transaction.atomic():
        for about in TOPICS:
            if about in wanted:
                OptOut.objects.filter(person=person, about=about).delete()
            else:
                stop_mail(person=person, about=about)


def stop_mail(*, person: User, about: str) -> None:
    """Send ``person`` nothing more about this. Idempotent."""
    OptOut.objects.bulk_create([OptOut(person=person, about=about)], ignore_conflicts=True)
