"""What is known of an author that decides how far they are trusted: one query.

Deliberately absent: what they wrote.
"""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.standing import Standing as TextStanding
from engage.moderation.domain.trust import STANDS_AFTER, WEIGHS_FOR, Standing
from engage.moderation.models import Flag, Item


def standing_of(author: User, now: datetime) -> Standing:
    """Days here, texts that stand, and those that readers rightly objected to of late.

    A text counts once, however many objected to it; one that was shown again does not weigh.
    """
    rightly = Exists(Flag.objects.filter(item=OuterRef("pk"), upheld=True))
    stood = Q(standing=TextStanding.SHOWN, queued_at=None, written_at__lte=now - STANDS_AFTER)
    weighs = Q(rightly, written_at__gt=now - WEIGHS_FOR) & ~Q(standing=TextStanding.SHOWN)
    counted = Item.objects.filter(author=author).aggregate(
        accepted=Count("pk", filter=stood), objected=Count("pk", filter=weighs)
    )
    days = (timezone.localdate(now) - author.joined_on).days
    return Standing(max(0, days), counted["accepted"], counted["objected"])
