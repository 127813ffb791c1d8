"""Mails of what is new in threads: one for a person, by thread, each post quoted once.

In the town's language, as somebody else caused them. Deliberately absent: pictures, and any html
but what was cleaned when it was written.
"""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.identity.mail import send_notice, unsubscribe_address
from engage.identity.models import User
from engage.web.town import present_town
from forums.domain.quoting import excerpt, one_line, quoted, seen, with_origin
from forums.models import Notice, Thread
from forums.services.noticing import Told

ABOUT = "forum"
QUOTED_WHOLE = 1_500  # characters as typed; of longer texts the beginning stands in the mail
MOST_QUOTED = 30
TITLE = 60


@dataclass(frozen=True)
class Quote:
    """A post as a mail quotes it."""

    name: str
    office: str
    why: str
    url: str
    html: SafeString | None
    begins: str
    text: str


@dataclass(frozen=True)
class Group:
    """A thread's part of a mail; ``more`` posts of it are only counted."""

    title: str
    url: str
    quotes: list[Quote]
    more: int


def send_digest(person: User, threads: list[list[Told]]) -> None:
    """Mail ``person`` what is new, after the commit; nothing if they want no such mails."""
    with translation.override(settings.LANGUAGE_CODE):
        groups, left = [], MOST_QUOTED
        for told in threads:
            groups.append(_group(told, left))
            left -= len(groups[-1].quotes)
        context = {
            "groups": groups,
            "stop": unsubscribe_address(person, ABOUT),
            "office": present_town().office,
            "origin": settings.SITE_ORIGIN,
            "language": settings.LANGUAGE_CODE,
        }
        text = render_to_string("forums/mail_digest.txt", context).strip()
        html = render_to_string("forums/mail_digest.html", context)
        send_notice(person, ABOUT, _subject(threads), text, html)


def _group(told: list[Told], most: int) -> Group:
    thread, quotes = told[0].post.thread, [_quote(each) for each in told[:most]]
    return Group(one_line(thread.title), _address(thread), quotes, len(told) - len(quotes))


def _address(thing: object) -> str:
    return settings.SITE_ORIGIN + thing.get_absolute_url()  # type: ignore[attr-defined]


def _quote(told: Told) -> Quote:
    post = told.post
    whole = len(post.text) <= QUOTED_WHOLE
    begins = excerpt(seen(post.text), QUOTED_WHOLE)
    html = mark_safe(with_origin(post.html, settings.SITE_ORIGIN))  # noqa: S308  cleaned when written
    return Quote(
        name=one_line(str(post.author)) if post.author else _("Somebody who has left"),
        office=one_line(post.office),
        why="" if told.why == Notice.Why.FOLLOWED else Notice.Why(told.why).label,
        url=_address(post),
        html=html if whole else None,
        begins=begins,
        text=quoted(begins),
    )


def _subject(threads: list[list[Told]]) -> str:
    number = sum(len(told) for told in threads)
    if len(threads) > 1:
        words = _("%(n)d new posts in %(threads)d threads")
        return words % {"n": number, "threads": len(threads)}
    words = ngettext("%(n)d new post in “%(title)s”", "%(n)d new posts in “%(title)s”", number)
    return words % {"n": number, "title": _title(threads[0][0].post.thread)}


def _title(thread: Thread) -> str:
    return excerpt(one_line(thread.title), TITLE)
