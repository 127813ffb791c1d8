"""A thread as open pages are told of it: which part a fact changes, and each part as it is now.

Deliberately absent: who may follow it, and anything that is one reader's own.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from engage.moderation.domain.standing import Standing
from forums.models import Post, Thread
from forums.pages.reading import head_html, html_by_post, reactions_html
from forums.selectors.threads import known_posts, live_thread

HEAD = "head"
POST = "post"
REACTIONS = "reactions"


def part_of(kind: str, data: Mapping[str, Any]) -> str:
    """The part of a thread's page that a fact changes: a post, reactions to a few, or the head.

    >>> part_of("post.edited", {"post": 7}), part_of("posts.reacted", {"posts": "7.9"})
    ('post.7', 'reactions.7.9')
    >>> part_of("thread.changed", {})
    'head'
    """
    if kind == "posts.reacted":
        return f"{REACTIONS}.{data.get('posts', '')}"
    return f"{POST}.{data['post']}" if "post" in data else HEAD


def thread_parts(key: int, parts: Collection[str]) -> dict[str, str]:
    """Each of ``parts`` of thread ``key``, as its page shows it to everybody who may read it.

    The same few queries for any number of posts. Of a post that readers do not know of it is
    nothing; the thread's head names the author of its first post and shows official answers.
    """
    thread = live_thread(key)
    if thread is None:
        return {}
    wanted = {part: _posts_in(part) for part in parts}
    known = {post.pk: post for post in known_posts(thread, set().union(*wanted.values()))}
    pieces = _Pieces(thread, known)
    return {part: _html(part, keys, pieces) for part, keys in wanted.items()}


class _Pieces:
    """What parts are put together from, each made when it is first asked for."""

    def __init__(self, thread: Thread, known: Mapping[int, Post]) -> None:
        self.thread, self.known = thread, known

    @cached_property
    def head(self) -> str:
        return head_html(self.thread)

    @cached_property
    def posts(self) -> Mapping[int, str]:
        return html_by_post(self.known.values())


def _html(part: str, keys: Collection[int], pieces: _Pieces) -> str:
    if part == HEAD:
        return pieces.head
    posts = [pieces.known[key] for key in keys if key in pieces.known]
    if part.startswith(REACTIONS):
        return reactions_html([post for post in posts if post.standing == Standing.SHOWN])
    in_head = any(post.first or post.office for post in posts)
    return "".join([*(pieces.posts[post.pk] for post in posts), pieces.head if in_head else ""])


def _posts_in(part: str) -> list[int]:
    return [int(key) for key in part.split(".")[1:] if key.isascii() and key.isdecimal()]
