"""The front of the forums, a category's threads and a thread's posts, each in a few fixed queries.

Deliberately absent: what is one reader's own (read places, reactions given); the same page is shown
to everybody who may read it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from engage.identity.rules import Person
from engage.moderation.domain.standing import Standing
from forums.domain.cursors import Place, Row
from forums.models import Category, Picture, Post, Thread
from forums.rules import may_know_title
from forums.selectors.readable import readable_categories, readable_threads

A_LIST = 30
A_PAGE = 50
NO_TITLE = "–"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class OnFront:
    """A category on the front: how many threads and posts, and where somebody wrote last."""

    category: Category
    threads: int
    posts: int
    latest: Thread | None


def forum_front(person: Person) -> list[OnFront]:
    """The categories that ``person`` reads, in their order. Two queries."""
    shown = Thread.objects.filter(category=OuterRef("pk"), standing=Standing.SHOWN)
    number = shown.order_by().values("category").annotate(n=Count("pk")).values("n")
    written = shown.order_by().values("category").annotate(n=Sum("posts_count")).values("n")
    latest = shown.order_by("-last_at", "-pk").values("pk")[:1]
    found = readable_categories(person).select_related("area")
    counted = found.annotate(
        n=Coalesce(Subquery(number), 0), posts_n=Coalesce(Subquery(written), 0),
        latest=Subquery(latest),
    )  # fmt: skip
    categories = list(counted.order_by("position", "name", "pk"))
    threads = Thread.objects.in_bulk([each.latest for each in categories if each.latest])
    return [OnFront(each, each.n, each.posts_n, threads.get(each.latest)) for each in categories]


@dataclass(frozen=True)
class ThreadsPage:
    """Threads of a category, and the place from which the next page goes on ("" is the end)."""

    threads: list[Thread]
    next: str


def category_threads(
    person: Person, category: Category, after: str = "", limit: int = A_LIST
) -> ThreadsPage:
    """Pinned threads first, then by the last post. One query. Raises ValueError for a bad place."""
    found = readable_threads(person).filter(category=category)
    if after:
        found = found.filter(_below(Row.parse(after)))
    rows = found.select_related("author").order_by("-pinned", "-last_at", "-pk")[: limit + 1]
    threads = list(rows)
    for thread in threads:
        thread.category = category
    more = len(threads) > limit
    return ThreadsPage(threads[:limit], str(_row(threads[limit - 1])) if more else "")


def _row(thread: Thread) -> Row:
    return Row(thread.pinned, (thread.last_at - _EPOCH) // timedelta(microseconds=1), thread.pk)


def _below(row: Row) -> Q:
    try:
        last = _EPOCH + timedelta(microseconds=row.last_us)
    except OverflowError:
        raise ValueError("No such time") from None
    below = Q(pinned=row.pinned) & (Q(last_at__lt=last) | Q(last_at=last, pk__lt=row.thread))
    return below | Q(pinned=False) if row.pinned else below


@dataclass(frozen=True)
class PostsPage:
    """A piece of a thread in reading order.

    A post has its place on the page if ``after`` < place < ``until``; an empty ``until`` is the
    thread's end. ``previous`` and ``next`` are what ?before= and ?after= lead on with, if anything.
    """

    posts: list[Post]
    after: Place
    until: Place | None
    previous: str
    next: str


def thread_posts(
    thread: Thread, after: str = "", before: str = "", limit: int = A_PAGE
) -> PostsPage:
    """Posts after or before a place, from the start without either; at most three queries.

    Those that were shown once and are not any more are lines in their place: their text is left
    out here, so that no page can show it. Raises ValueError for a place that is none.
    """
    page = _backwards if before else _forwards
    return page(thread, Place.parse(before or after or str(Place())), limit)


def _forwards(thread: Thread, after: Place, limit: int) -> PostsPage:
    numbered = _numbered(thread)
    rows = list(numbered.filter(_beyond(after)).order_by("root_number", "number")[: limit + 1])
    posts, more = rows[:limit], rows[limit:]
    first = _place(posts[0]) if posts else after
    return PostsPage(
        _without_unshown(posts),
        after,
        _place(more[0]) if more else None,
        str(first) if after > Place() else "",
        str(_place(posts[-1])) if more else "",
    )


def _backwards(thread: Thread, before: Place, limit: int) -> PostsPage:
    numbered = _numbered(thread)
    earlier = Q(root_number__lt=before.root) | Q(root_number=before.root, number__lt=before.number)
    rows = list(numbered.filter(earlier).order_by("-root_number", "-number")[: limit + 1])
    posts, more = rows[limit - 1 :: -1] if len(rows) > limit else rows[::-1], rows[limit:]
    here = _beyond(before) | Q(root_number=before.root, number=before.number)
    goes_on = thread.posts.filter(number__isnull=False).filter(here).exists()
    return PostsPage(
        _without_unshown(posts),
        _place(more[0]) if more else Place(),
        before if goes_on else None,
        str(_place(posts[0])) if more else "",
        str(_place(posts[-1])) if goes_on and posts else "",
    )


def live_thread(key: int) -> Thread | None:
    """A thread with all that its head shows, whoever may read it. One query."""
    found = Thread.objects.select_related("category", "author", "duplicate_of__category")
    return found.filter(pk=key).first()


def known_posts(thread: Thread, keys: Collection[int]) -> list[Post]:
    """Those of ``keys`` that readers know of, as its pages show them. Two queries."""
    return _without_unshown(list(_numbered(thread).filter(pk__in=keys)))


def _numbered(thread: Thread) -> QuerySet[Post]:
    numbered = Post.objects.filter(thread=thread, number__isnull=False)
    pictures = Prefetch("pictures", Picture.objects.defer("content"))
    return numbered.select_related("author", "quotes").prefetch_related(pictures)


def _beyond(place: Place) -> Q:
    return Q(root_number__gt=place.root) | Q(root_number=place.root, number__gt=place.number)


def _place(post: Post) -> Place:
    return Place(post.root_number or 0, post.number or 0)


def _without_unshown(posts: list[Post]) -> list[Post]:
    for post in posts:
        unshown(post)
        if post.quotes:
            unshown(post.quotes)
    return posts


def unshown(post: Post) -> Post:
    """``post`` without its text if it is not shown; for looking at, never to be stored."""
    if post.standing != Standing.SHOWN:
        post.taken_back = not post.text  # nothing that was written is empty
        post.text = post.html = ""
    return post


def titled_for(person: Person, thread: Thread) -> Thread:
    """``thread`` without a title that ``person`` may not know; for looking at, not to be stored."""
    if not may_know_title(person, thread):
        thread.title = NO_TITLE
    return thread


def post_numbered(thread: Thread, number: int) -> Post | None:
    """The post that has this number in the thread. One query."""
    return Post.objects.filter(thread=thread, number=number).first()


def post_place(post: Post, limit: int = A_PAGE) -> str:
    """What ?after= leads to the page on which ``post`` is ("" is the first page). Two queries.

    Pages are cut from the start of the thread, so that the same page has one address.
    """
    place = _place(post)
    numbered = Post.objects.filter(thread=post.thread_id, number__isnull=False)
    earlier = numbered.filter(
        Q(root_number__lt=place.root) | Q(root_number=place.root, number__lt=place.number)
    ).count()
    if earlier < limit:
        return ""
    last = earlier // limit * limit - 1
    ordered = numbered.order_by("root_number", "number").values_list("root_number", "number")
    return str(Place(*ordered[last]))
