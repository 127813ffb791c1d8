"""What is known when a text arrives: numbers of other texts, each in one query.

Deliberately absent: what they say.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.signals import (
    ACCOUNTS_WITHIN,
    BURST_WITHIN,
    COPIES_WITHIN,
    Known,
)
from engage.moderation.models import Item, Sanction


def known_of(*, author: User, fold: str, network: str, kind: str, key: str, now: datetime) -> Known:
    """In three queries at most. ``key`` names the text itself if it is there already."""
    others = Item.objects.exclude(kind=kind, key=key) if key else Item.objects.all()
    copies = others.filter(fold=fold, written_at__gt=now - COPIES_WITHIN)
    near = others.filter(network=network, written_at__gt=now - ACCOUNTS_WITHIN)
    accounts = near.exclude(author=author).values("author").distinct()
    lately = others.filter(author=author, written_at__gt=now - BURST_WITHIN)
    return Known(
        days=max(0, (timezone.localdate(now) - author.joined_on).days),
        lately=0 if key else lately.count(),
        copies=copies.count() if fold else 0,
        accounts=accounts.count() if network else 0,
    )


def sanctions_in_force(person: User, now: datetime) -> list[Sanction]:
    """What keeps ``person`` from writing, wherever; the one that holds longest first."""
    running = Q(until=None) | Q(until__gt=now)
    found = Sanction.objects.filter(running, person=person, lifted_at=None)
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(found.select_related("area"), key=lambda each: each.until or far, reverse=True)
