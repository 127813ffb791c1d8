"""Keeping what was proved of a person, and taking it back. How it was proved is the caller's.

Deliberately absent: who may do it. Each way of proving asks for itself.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.holdings import keep_what_is_spent
from engage.identity.models import Area, Claim, User


@transaction.atomic
def record_claim(
    *,
    person: User,
    level: Level,
    source: str,
    area: Area | None = None,
    born_on: date | None = None,
    subject: str = "",
    by: User | None = None,
    until: datetime | None = None,
) -> Claim:
    """Keep from now until ``until`` what ``source`` found out; it replaces all known at ``level``.

    ``subject``: a digest of ``engage.identity.subjects``. Locks the person. Raises
    DomainError("claim.subject-taken") if another account was proved with the same.
    """
    User.objects.select_for_update().get(pk=person.pk)
    _keep_spent(person, Claim.objects.filter(person=person, level=level).exclude(subject=subject))
    known = {
        "source": source, "area": area, "born_on": born_on, "subject": subject, "by": by,
        "made_at": timezone.now(), "expires_at": until,
    }  # fmt: skip
    try:
        with transaction.atomic():
            claim, _made = Claim.objects.update_or_create(
                person=person, level=level, defaults=known
            )
    except IntegrityError as error:
        if not Claim.objects.filter(level=level, subject=subject).exclude(subject="").exists():
            raise
        raise _taken() from error
    return claim


@transaction.atomic
def withdraw_claim(*, person: User, level: Level, was_theirs: bool = True) -> bool:
    """Forget what is known of ``person`` at ``level``; whether there was anything.

    What they used up by it stays used up, unless the proof was somebody else's (``was_theirs``).
    Locks the person. Idempotent because what is gone stays gone.
    """
    User.objects.select_for_update().get(pk=person.pk)
    known = Claim.objects.filter(person=person, level=level)
    if was_theirs:
        _keep_spent(person, known)
    gone, _kinds = known.delete()
    return bool(gone)


def _keep_spent(person: User, leaving: QuerySet[Claim]) -> None:
    """Who takes a proof to another account takes no second vote with it."""
    if leaving.exclude(subject="").exists():
        keep_what_is_spent(person.pk)


def _taken() -> DomainError:
    """The same words whoever the other is: nothing is said about their account."""
    sentence = _(
        "Whoever these papers belong to is already confirmed here in another account. If both are "
        "yours, sign in to the other one, or come to the town hall and we put them together."
    )
    return DomainError("claim.subject-taken", sentence)
