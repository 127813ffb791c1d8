"""What a thread's page shows, as html that is the same for every reader who may see it.

Pages put it together, and open pages are sent the very same parts. Deliberately absent: forms,
names of readers and anything that is somebody's own.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from engage.domain.topics import Topic
from engage.moderation.domain.standing import Standing
from forums.domain.cursors import MOST, Place
from forums.models import Category, Post, Reaction, Thread
from forums.selectors.beside import broken_rules, official_answers
from forums.selectors.threads import thread_posts


def posts_html(posts: Collection[Post]) -> SafeString:
    """Posts as items of the list ``#posts``; their authors and what they quote are loaded."""
    return _joined(list(html_by_post(posts).values()))


def html_by_post(posts: Collection[Post]) -> dict[int, str]:
    """The same, each for itself. At most one query."""
    rules = broken_rules(posts)
    return {
        post.pk: _part("_post", post, decided=post.pk in rules, rule=rules.get(post.pk, ""))
        for post in posts
    }


def reactions_html(posts: Collection[Post]) -> SafeString:
    """The reactions to posts, each an element of its own."""
    return _joined([_part("_reactions", post) for post in posts])


def _part(template: str, post: Post, **more: object) -> str:
    counts = [(kind, kind.label, post.reactions.get(kind, 0)) for kind in Reaction.Kind]
    context = {
        "post": post,
        "counted": [(kind.value, label, count) for kind, label, count in counts if count],
        "uncounted": [(kind.value, label) for kind, label, count in counts if not count],
        **more,
    }
    return render_to_string(f"forums/{template}.html", context)


def _joined(parts: list[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  each was made by a template


def head_html(thread: Thread) -> SafeString:
    """A thread's title, its states and its official answers; its author is loaded."""
    context = {
        "thread": thread, "answers": official_answers(thread), "way_on": way_on(thread.became),
        "original": _title_for_all(thread.duplicate_of), "slow_minutes": -(-thread.slow_s // 60),
    }  # fmt: skip
    return render_to_string("forums/_thread_head.html", context)


def _title_for_all(thread: Thread | None) -> str:
    """The title of another thread, unless there is somebody who may not know of it."""
    if thread is None or thread.standing != Standing.SHOWN:
        return ""
    return thread.title if thread.category.readers == Category.Readers.EVERYONE else ""


def way_on(became: str) -> str:
    """Where that is found which a thread was turned into; empty if it was not, or is no more."""
    if not became:
        return ""
    topic = Topic.parse(became)
    try:
        return reverse(topic.kind, args=[topic.key])
    except NoReverseMatch:
        return ""


KEPT_S = 60
"""How long the first and the last posts of a thread are kept: longer, and a name is too old."""
END = str(Place(MOST, MOST))
"""What ``?before=`` leads to the last posts with."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a thread's page shows to everybody, and where it lies in the thread.

    ``here`` is what ?after= leads to the same page with, if its own address leads elsewhere once
    there are more posts.
    """

    head: SafeString
    posts: SafeString
    after: str
    until: str
    previous: str
    next: str
    here: str


def sheet(thread: Thread, after: str = "", before: str = "") -> Sheet:
    """The head and a page of posts; the first and the last page are made once a version.

    ``thread`` was read before, with whatever its head shows. Raises ValueError for a place that is
    none. Kept under the thread's own name and language alone, whatever addresses are asked for.
    """
    if after or before not in ("", END):
        return _made(thread, after, before)
    key = f"forums.sheet.{thread.pk}.{'last' if before else 'first'}.{get_language()}"
    version, kept = _version(thread), cache.get(key)
    if kept and kept[0] == version:
        return kept[1]
    made = _made(thread, after, before)
    cache.set(key, (version, made), KEPT_S)
    return made


def _version(thread: Thread) -> tuple[object, ...]:
    """Its own, and whatever decides whether another thread's title stands in its head."""
    other = thread.duplicate_of
    named = (other.version, other.standing, other.category.readers) if other else ()
    return (thread.version, *named)


def _made(thread: Thread, after: str, before: str) -> Sheet:
    page = thread_posts(thread, after, before)
    return Sheet(
        head=head_html(thread),
        posts=posts_html(page.posts),
        after=page.after.order,
        until=page.until.order if page.until else "",
        previous=page.previous,
        next=page.next,
        here=str(page.after) if before else "",
    )
