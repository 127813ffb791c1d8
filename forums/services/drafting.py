"""Drafts: what somebody was about to write, until it is sent or thrown away.

Deliberately absent: drafts of strangers, whom nobody could give theirs back.
"""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from forums.models import Draft
from forums.services.locking import hold_account
from forums.services.wording import LONGEST_TEXT, LONGEST_TITLE

MOST = 100
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_PLACE = re.compile(r"(category|thread|reply|edit)\.[1-9][0-9]{0,17}", re.ASCII)


@transaction.atomic
def keep_draft(*, person: User, place: str, title: str, text: str) -> Draft | None:
    """Keep what ``person`` has typed at ``place``, instead of what was kept there; empty, nothing.

    Locks the account. Publishes nothing. Idempotent.
    Raises DomainError("draft.not-found" | "draft.conflict").
    """
    if not _PLACE.fullmatch(place):
        raise DomainError("draft.not-found", _("There is no such place to write."))
    title, text = _BROKEN.sub("", title), _BROKEN.sub("", text)
    hold_account(person)
    if not title.strip() and not text.strip():
        use_up_draft(person, place)
        return None
    others = Draft.objects.filter(person=person).exclude(place=place)
    if others.count() >= MOST:
        raise DomainError("draft.conflict", _("You keep many drafts. Throw some away first."))
    typed = {"title": title[:LONGEST_TITLE], "text": text[:LONGEST_TEXT]}
    kept, _new = Draft.objects.update_or_create(
        person=person, place=place, defaults=typed | {"changed_at": timezone.now()}
    )
    return kept


@transaction.atomic
def throw_away_draft(*, person: User, place: str) -> None:
    """Forget ``person``'s own draft at ``place``. Idempotent; there is nobody else's to reach."""
    use_up_draft(person, place)


def use_up_draft(person: User, *places: str) -> None:
    """What was sent is no draft any more; in the transaction that stores it."""
    Draft.objects.filter(person=person, place__in=places).delete()
