"""Posts as moderators see them at the desk, and where they may move a thread to.

Deliberately absent: whether somebody may see the desk; ``engage.moderation`` asks that.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.urls import reverse

from engage.identity.models import User
from engage.identity.rules import Person
from engage.moderation.writings import Shown
from forums.models import Category, Picture, Post
from forums.rules import may_read_post, may_tend

LONGEST_CONTEXT = 600


def post_of(key: str) -> Post | None:
    """The post with its thread and place; None for what is no key. One query."""
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        return None
    found = Post.objects.filter(pk=int(key))
    return found.select_related("thread__category__area", "author").first()


def keys_along(thread: int) -> list[str]:
    """The keys of all posts of a thread, as the desk names them."""
    found = Post.objects.filter(thread=thread).order_by("pk")
    return [str(key) for key in found.values_list("pk", flat=True)]


def shown_posts(keys: Collection[str]) -> Mapping[str, Shown]:
    """Each post by its key, in two queries for any number of them."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) <= 18]
    posts = Post.objects.filter(pk__in=numbers)
    found = posts.select_related("thread__category", "author", "root", "quotes")
    pictures = _pictures(numbers)
    return {str(post.pk): _shown(post, pictures.get(post.pk, ())) for post in found}


def _pictures(posts: list[int]) -> Mapping[int, tuple[str, ...]]:
    found = defaultdict(list)
    rows = Picture.objects.filter(post__in=posts).order_by("position", "at", "pk")
    for post, key in rows.values_list("post", "pk"):
        found[post].append(reverse("picture", args=[key]))
    return {post: tuple(addresses) for post, addresses in found.items()}


def _shown(post: Post, pictures: tuple[str, ...]) -> Shown:
    answered = post.quotes or post.root
    return Shown(
        title=post.thread.title,
        html=post.safe_html,
        source=post.text,
        url=post.get_absolute_url(),
        space=post.thread.category.name,
        name=post.office or (str(post.author) if post.author else ""),
        at=post.written_at,
        context=answered.text[:LONGEST_CONTEXT] if answered else "",
        pictures=pictures,
    )


def may_see_post(person: Person, key: str) -> bool:
    """Whether ``person`` may read the text of post ``key``."""
    post = post_of(key)
    return post is not None and may_read_post(person, post)


def places_for(by: User, key: str) -> list[tuple[str, str]]:
    """The categories that the thread of post ``key`` may be moved to by ``by``."""
    post = post_of(key)
    if post is None or not may_tend(by, post.thread.category):
        return []
    others = Category.objects.exclude(pk=post.thread.category_id).select_related("area")
    return [(str(each.pk), each.name) for each in others if may_tend(by, each)]
