"""That an author was written to is kept here, once the mail has left.

Deliberately absent: the mails, and any second try for who has no address: the page has it all.
"""

from django.db import transaction
from django.utils import timezone

from engage.moderation.models import Appeal, Decision


@transaction.atomic
def note_told(*, about: Decision | Appeal) -> bool:
    """Keep that the author knows; whether this was the first to say so.

    Locks the row. Publishes nothing. Idempotent because the first time stays.
    """
    rows = type(about).objects.filter(pk=about.pk, told_at__isnull=True)
    return bool(rows.update(told_at=timezone.now()))
