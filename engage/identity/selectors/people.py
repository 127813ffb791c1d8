"""What pages read of people, each in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time

from allauth.account.models import EmailAddress
from django.utils import timezone

from engage.identity.domain.eligibility import Claim as Known
from engage.identity.domain.levels import Level
from engage.identity.models import Claim, User


def known_residents() -> Iterator[tuple[uuid.UUID, tuple[Known, ...]]]:
    """Every active account with what is known of it, by key; three queries for a whole town."""
    stored = defaultdict(list)
    for claim in Claim.objects.order_by("person"):
        stored[claim.person_id].append(claim.known)
    confirmed = EmailAddress.objects.filter(verified=True).values_list("user_id", flat=True)
    with_mail = set(confirmed)
    people = User.objects.filter(is_active=True).order_by("pk").values_list("pk", "joined_on")
    for key, joined in people:
        mail = (_by_mail(joined),) if key in with_mail else ()
        yield key, (*mail, *stored[key])


def claims_of(user: User) -> tuple[Known, ...]:
    """Everything known of ``user``; a confirmed e-mail address first. Two queries."""
    stored = tuple(claim.known for claim in Claim.objects.filter(person=user))
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        return stored
    return (_by_mail(user.joined_on), *stored)


def _by_mail(joined: date) -> Known:
    return Known(Level.EMAIL, timezone.make_aware(datetime.combine(joined, time.min)))
