"""Taking in pictures for posts: made anew, with what they show in words, waiting for their post.

Deliberately absent: the file that was sent. Only what was made of it is kept.
"""

import threading
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engage.domain.errors import DomainError
from engage.domain.sanitise.lines import Unwritable, one_line
from engage.domain.sanitise.pictures import NoPicture, Remade, remade
from engage.identity.domain.retention import Kept, cutoff
from engage.identity.models import User
from engage.identity.services.forgetting import Job
from forums.models import Picture

MOST_IN_A_POST = 4
MOST_WAITING = 12
LONGEST_ALT = 300

SENTENCES: dict[str, str | Promise] = {
    "large": _("This file is larger than 8 MB. Choose a smaller one."),
    "wide": _("This picture has too many pixels. Make it smaller and send it again."),
    "kind": _("This is no picture that we can show. Send a JPEG, a PNG or a WebP."),
    "broken": _("This picture cannot be read to its end. Save it anew and send it again."),
    "alt": _("Say in a few words what the picture shows, for those who cannot see it."),
    "alt-long": _("Say what the picture shows in at most 300 letters."),
    "many": _("Twelve of your pictures wait for a text. Send some first, or come back tomorrow."),
}
_one_at_a_time = threading.Lock()
"""A picture takes up to 200 MB while it is made anew; many at once would take the server."""


def add_picture(*, by: User, alt: str, raw: bytes) -> Picture:
    """Keep a picture of ``by`` that waits for its post; forgotten after a day without one.

    Locks the account, so that no more wait than may. Publishes nothing. Each call adds one.
    Raises DomainError("picture.alt" | "picture.alt-long" | "picture.large" | "picture.wide" |
    "picture.kind" | "picture.broken" | "picture.many").
    """
    said = _said(alt)
    made = _made(raw)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if waiting(by).count() >= MOST_WAITING:
            raise refusal("many")
        return Picture.objects.create(
            by=by, alt=said, kind=made.kind, width=made.width, height=made.height,
            content=made.content,
        )  # fmt: skip


def waiting(by: User) -> QuerySet[Picture]:
    """Pictures of ``by`` that are in no post yet, without their bytes."""
    return Picture.objects.filter(by=by, post=None).defer("content")


def refusal(code: str) -> DomainError:
    return DomainError(f"picture.{code}", str(SENTENCES[code]))


def _said(alt: str) -> str:
    try:
        said = one_line(alt)
    except Unwritable:
        raise refusal("alt") from None
    if len(said) > LONGEST_ALT:
        raise refusal("alt-long")
    return said


def _made(raw: bytes) -> Remade:
    try:
        with _one_at_a_time:
            return remade(raw)
    except NoPicture as reason:
        raise refusal(reason.code) from reason


def _without_post(now: datetime) -> QuerySet[Picture]:
    return Picture.objects.filter(post=None, at__lte=cutoff(Kept.PICTURES, now))


ORPHANS = Job(Kept.PICTURES, _("pictures that no post took within a day"), _without_post)
"""Due by their row alone: one that a post takes in this moment stays."""
