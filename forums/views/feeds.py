"""Atom feeds of the forum, a category and a thread, the same for every reader.

In the town's language. Whoever asks again is told by ETag that nothing changed; nothing is kept in
between, so that what was hidden is gone with the next question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engage.web.limits import limited
from engage.web.town import present_town
from forums.domain.quoting import one_line, seen, with_origin
from forums.models import Post
from forums.selectors.feeds import feed_posts, public_category, public_thread

NOTHING_YET = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One post as a feed tells it; every text without what XML cannot hold."""

    address: str
    title: str
    name: str
    published: str
    updated: str
    html: str


@require_safe
@limited("feed")
def forum_feed(request: HttpRequest) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Talk in %(town)s") % {"town": present_town().name}
    return _feed(request, title, reverse("forum"), feed_posts())


@require_safe
@limited("feed")
def category_feed(request: HttpRequest, slug: str) -> HttpResponse:
    category = public_category(slug)
    if category is None:
        raise Http404
    posts = feed_posts(category=category)
    return _feed(request, category.name, category.get_absolute_url(), posts)


@require_safe
@limited("feed")
def thread_feed(request: HttpRequest, thread: int) -> HttpResponse:
    found = public_thread(thread)
    if found is None:
        raise Http404
    return _feed(request, found.title, found.get_absolute_url(), feed_posts(thread=found))


def _feed(request: HttpRequest, title: str, page: str, posts: Sequence[Post]) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        entries = [_entry(post) for post in posts]
        updated = max((entry.updated for entry in entries), default=NOTHING_YET.isoformat())
        context = {
            "title": one_line(title), "language": settings.LANGUAGE_CODE, "entries": entries,
            "page": settings.SITE_ORIGIN + page, "updated": updated,
            "own": settings.SITE_ORIGIN + request.path, "town": one_line(present_town().name),
        }  # fmt: skip
        body = render_to_string("forums/feed.xml", context).encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8", headers=headers)


def _entry(post: Post) -> Entry:
    return Entry(
        address=settings.SITE_ORIGIN + post.get_absolute_url(),
        title=one_line(post.thread.title),
        name=_name(post),
        published=_moment(post.shown_at),
        updated=_moment(max(filter(None, (post.shown_at, post.edited_at)))),
        html=seen(with_origin(post.html, settings.SITE_ORIGIN)),
    )


def _name(post: Post) -> str:
    name = one_line(str(post.author)) if post.author else _("Somebody who has left")
    return f"{name} – {one_line(post.office)}" if post.office else name


def _moment(at: datetime | None) -> str:
    assert at is not None  # only what was shown is told
    return at.isoformat(timespec="seconds")
