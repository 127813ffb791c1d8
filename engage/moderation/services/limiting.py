"""How much somebody may write and object in an hour, by how far the town knows them.

Counted from the rows themselves under the author's lock, so that of tries at once no more get
through than in turn. Deliberately absent: a store of counts, which could be away or be wrong.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.identity.domain.roles import Role
from engage.identity.models import User
from engage.identity.rules import is_trusted_anywhere
from engage.moderation.domain.trust import LIMITS, WINDOW, What, level_of, wait
from engage.moderation.models import Flag, Item
from engage.moderation.selectors.trust import standing_of
from engage.web.limits import TooMany

WRITTEN = (What.POSTS, What.LINKS, What.PICTURES, What.MENTIONS)


@transaction.atomic
def spend_text(
    *, author: User, posts: int = 1, links: int = 0, pictures: int = 0, mentions: int = 0
) -> None:
    """Make sure that ``author`` may write so much now; whoever stores the text has spent it.

    Called in the transaction that stores the text. ``posts`` is 0 where one is only changed, and
    the rest what it has more than before. Whoever moderates has no limit.
    Locks the author's account until that transaction ends. Publishes nothing. Raises TooMany.
    Idempotent because it writes nothing.
    """
    asked = dict(zip(WRITTEN, (posts, links, pictures, mentions), strict=True))
    if not any(amount > 0 for amount in asked.values()) or _is_free(author):
        return
    now = _locked(author)
    limits = LIMITS[level_of(standing_of(author, now))]
    written = Item.objects.filter(author=author, written_at__gt=now - WINDOW)
    rows = list(written.order_by("written_at", "pk").values("written_at", *map(str, WRITTEN[1:])))
    for what, amount in asked.items():
        used = [(row["written_at"], row.get(what, 1)) for row in rows]
        _refuse_beyond(what, used, amount, limits[what], now)


@transaction.atomic
def spend_flag(*, by: User) -> None:
    """Make sure that ``by`` may object once more now; whoever stores the objection has spent it.

    Called in the transaction that stores it. Locks the account of ``by`` until that ends.
    Publishes nothing. Raises TooMany. Idempotent because it writes nothing.
    """
    if _is_free(by):
        return
    now = _locked(by)
    limit = LIMITS[level_of(standing_of(by, now))][What.FLAGS]
    flags = Flag.objects.filter(by=by, at__gt=now - WINDOW).order_by("at", "pk")
    used = [(at, 1) for at in flags.values_list("at", flat=True)]
    _refuse_beyond(What.FLAGS, used, 1, limit, now)


def _is_free(person: User) -> bool:
    return is_trusted_anywhere(person, Role.MODERATOR)


def _locked(person: User) -> datetime:
    """Wait for one's turn; the time is read afterwards, so that whoever waited counts all."""
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))
    return timezone.now()


def _refuse_beyond(
    what: What, used: Sequence[tuple[datetime, int]], asked: int, limit: int, now: datetime
) -> None:
    seconds = wait(used, asked, limit, now)
    if not seconds:
        return
    words = _too_much_at_once(what, limit) if asked > limit else _used_up(what, limit, seconds)
    raise TooMany("limit.too-many", words, seconds=seconds)


def _too_much_at_once(what: What, limit: int) -> str:
    words = {
        What.POSTS: ngettext(
            "You may write %(n)d text in an hour.", "You may write %(n)d texts in an hour.", limit
        ),
        What.LINKS: ngettext(
            "You may set %(n)d link in an hour, and this text has more. Take some out; nothing you "
            "typed is lost.",
            "You may set %(n)d links in an hour, and this text has more. Take some out; nothing "
            "you typed is lost.",
            limit,
        ),
        What.PICTURES: ngettext(
            "You may show %(n)d picture in an hour, and this text has more. Take some out; nothing "
            "you typed is lost.",
            "You may show %(n)d pictures in an hour, and this text has more. Take some out; "
            "nothing you typed is lost.",
            limit,
        ),
        What.MENTIONS: ngettext(
            "You may mention %(n)d person in an hour, and this text has more. Take some out; "
            "nothing you typed is lost.",
            "You may mention %(n)d people in an hour, and this text has more. Take some out; "
            "nothing you typed is lost.",
            limit,
        ),
    }
    return words[what] % {"n": limit}


def _used_up(what: What, limit: int, seconds: int) -> str:
    words = {
        What.POSTS: ngettext(
            "You have written %(n)d text within an hour, as many as you may.",
            "You have written %(n)d texts within an hour, as many as you may.",
            limit,
        ),
        What.LINKS: ngettext(
            "With this text you would have set more than %(n)d link within an hour.",
            "With this text you would have set more than %(n)d links within an hour.",
            limit,
        ),
        What.PICTURES: ngettext(
            "With this text you would have shown more than %(n)d picture within an hour.",
            "With this text you would have shown more than %(n)d pictures within an hour.",
            limit,
        ),
        What.MENTIONS: ngettext(
            "With this text you would have mentioned more than %(n)d person within an hour.",
            "With this text you would have mentioned more than %(n)d people within an hour.",
            limit,
        ),
        What.FLAGS: ngettext(
            "You have objected to %(n)d text within an hour, as many as you may.",
            "You have objected to %(n)d texts within an hour, as many as you may.",
            limit,
        ),
    }
    return f"{words[what] % {'n': limit}} {_again_in(seconds)}"


def _again_in(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return _("Try again in a minute; nothing you typed is lost.")
    words = ngettext(
        "Try again in %(n)d minute; nothing you typed is lost.",
        "Try again in %(n)d minutes; nothing you typed is lost.",
        minutes,
    )
    return words % {"n": minutes}
