"""What feeds tell: the newest posts that everybody may read, and nothing else.

Deliberately absent: feeds for somebody who is signed in. Programs that read feeds are strangers.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from forums.models import Category, Post, Thread
from forums.selectors.readable import readable_categories, readable_posts, readable_threads

A_FEED = 30


def public_category(slug: str) -> Category | None:
    """A category that strangers read. One query."""
    return readable_categories(AnonymousUser()).filter(slug=slug).first()


def public_thread(key: int) -> Thread | None:
    """A thread that strangers read. One query."""
    return readable_threads(AnonymousUser()).filter(pk=key).first()


def feed_posts(*, category: Category | None = None, thread: Thread | None = None) -> list[Post]:
    """The newest posts of everything, of a category or of a thread. One query."""
    found: QuerySet[Post] = readable_posts(AnonymousUser()).select_related("thread", "author")
    if category:
        found = found.filter(thread__category=category)
    if thread:
        found = found.filter(thread=thread)
    return list(found.order_by("-shown_at", "-pk")[:A_FEED])
