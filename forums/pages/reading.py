"""What a thread's page shows, as html that is the same for every reader who may see it.

Pages put it together, and open pages are sent the very same parts. Deliberately absent: forms,
names of readers and anything that is somebody's own.
"""

from collections.abc import Collection

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from engage.domain.topics import Topic
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Reaction, Thread
from forums.selectors.beside import broken_rules, official_answers


def posts_html(posts: Collection[Post]) -> SafeString:
    """Posts as items of the list ``#posts``; their authors and what they quote are loaded."""
    rules = broken_rules(posts)
    return _joined([_part("_post", post, rule=rules.get(post.pk, "")) for post in posts])


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
