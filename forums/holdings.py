"""What the forums hold of a person: what they wrote, said with one key, follow and read.

Registered when the app is ready; see ``engage.identity.holdings``.
"""

from collections import defaultdict

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engage.identity.holdings import Holding, Row, rows_of
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item
from engage.moderation.services.holding import hold_texts
from forums.models import (
    Draft,
    Follow,
    Mention,
    Notice,
    Picture,
    Post,
    Reaction,
    ReadPlace,
    Revision,
    Stir,
    Thread,
)
from forums.search.finding import forget_words
from forums.selectors.readable import readable_threads
from forums.selectors.threads import NO_TITLE
from forums.services.locking import KIND, held_thread
from forums.services.naming import MOST_TOLD, show_new_name
from forums.services.showing import change_thread, count_posts

WRITTEN = ("thread", "number", "text", "written_at", "standing", "office")


def export(person: User) -> list[Row]:
    """Everything ``person`` wrote and keeps here, in one query a table and one for the titles.

    Threads that are not there for them any more are named by nobody's words.
    """
    titled = _titled(person)
    return [*_written(person, titled), *_kept(person, titled)]


def _titled(person: User) -> set[int]:
    """The threads among theirs whose title they may know."""
    rows = (table.objects.filter(person=person) for table in (Follow, ReadPlace))
    theirs = Q(pk__in=Post.objects.filter(author=person).values("thread"))
    for each in rows:
        theirs |= Q(pk__in=each.values("thread"))
    own = Q(author=person) & ~Q(standing=Standing.REMOVED)
    there = Q(pk__in=readable_threads(person).values("pk"))
    return set(Thread.objects.filter(theirs & (own | there)).values_list("pk", flat=True))


def _named(things: QuerySet, titled: set[int], *fields: str) -> list[Row]:
    """Rows of things in threads; the title of one that is not ``titled`` is left out."""
    for thing in things:
        if thing.thread_id not in titled:
            thing.thread.title = NO_TITLE
    return rows_of(things, *fields)


def _written(person: User, titled: set[int]) -> list[Row]:
    revisions = Revision.objects.filter(post__author=person).select_related("post")
    return [
        *rows_of(Thread.objects.filter(author=person).order_by("pk"), "title", "started_at"),
        *_named(_posts(person), titled, *WRITTEN),
        *rows_of(revisions, "post", "text", "at"),
        *rows_of(_pictures(person), "alt", "kind", "at"),
    ]


def _kept(person: User, titled: set[int]) -> list[Row]:
    return [
        *rows_of(_own(Reaction, person, "post"), "post", "kind"),
        *rows_of(_own(Draft, person), "place", "title", "text", "changed_at"),
        *_named(_own(Follow, person, "thread"), titled, "thread", "pace", "since"),
        *_named(_own(ReadPlace, person, "thread"), titled, "thread", "number", "at"),
        *rows_of(_own(Notice, person, "post"), "post", "why", "told_at"),
        *rows_of(_own(Mention, person, "post"), "post"),
    ]


def _own(table: type[Model], person: User, *along: str) -> QuerySet:
    found = table._default_manager.filter(person=person).order_by("pk")
    return found.select_related(*along) if along else found


def _posts(person: User) -> QuerySet[Post]:
    return Post.objects.filter(author=person).select_related("thread").order_by("pk")


def _pictures(person: User) -> QuerySet[Picture]:
    return Picture.objects.filter(by=person).defer("content")


def erase(person: User, keep_texts: bool) -> None:
    """Posts stay without a name, or as lines in their place; all that is only theirs goes.

    A thread whose first post goes loses its title, and stays for what others wrote in it. Pages
    that are open are told of the last posts; reactions are counted anew without the person's.
    """
    _forget_what_was_theirs(person)
    if not keep_texts:
        _take_from_the_desk(person)
    written: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(author=person).order_by("thread", "pk"):
        written[post.thread_id].append(post)
    last = sorted((post.pk for posts in written.values() for post in posts), reverse=True)
    told = set(last[:MOST_TOLD])
    leave = _leave_without_a_name if keep_texts else _take_away
    for thread in sorted(written):
        leave(held_thread(thread), written[thread], told)
    begun = list(Thread.objects.filter(author=person).values_list("pk", flat=True))
    Thread.objects.filter(pk__in=begun).update(author=None)
    if written and not keep_texts:
        forget_words()
        _tell_where_titles_stand(begun)


def _forget_what_was_theirs(person: User) -> None:
    stirred = Reaction.objects.filter(person=person).values_list("post", flat=True).distinct()
    Stir.objects.bulk_create([Stir(post_id=post) for post in stirred])
    for table in (Reaction, Draft, Follow, ReadPlace, Notice, Mention):
        table.objects.filter(person=person).delete()
    Picture.objects.filter(by=person, post=None).delete()


def _take_from_the_desk(person: User) -> None:
    """Before any thread is locked, and by key, as whoever decides does."""
    keys = Post.objects.filter(author=person).values_list("pk", flat=True)
    held = hold_texts(KIND, [str(key) for key in keys])
    Item.objects.filter(pk__in=held).update(standing=Standing.REMOVED, queued_at=None)


def _leave_without_a_name(thread: Thread, posts: list[Post], told: set[int]) -> None:
    keys = [post.pk for post in posts]
    Post.objects.filter(pk__in=keys).update(author=None)
    Revision.objects.filter(post__in=keys).update(by=None)
    Picture.objects.filter(post__in=keys).update(by=None)
    change_thread(thread)
    for post in posts:
        if post.pk in told and post.standing == Standing.SHOWN:
            publish(thread.topic, "post.edited", post=post.pk)


def _take_away(thread: Thread, posts: list[Post], told: set[int]) -> None:
    keys = [post.pk for post in posts]
    for table in (Picture, Revision, Mention):
        table.objects.filter(post__in=keys).delete()
    gone = Post.objects.filter(pk__in=keys)
    gone.update(author=None, text="", html="", office="", standing=Standing.REMOVED)
    begun = any(post.first for post in posts)
    _go_on_without(thread, begun)
    for post in posts:
        if post.pk in told and post.number is not None and post.standing != Standing.REMOVED:
            publish(thread.topic, "post.removed", post=post.pk)
    if begun:
        publish(thread.topic, "thread.changed")


def _go_on_without(thread: Thread, begun: bool) -> None:
    """The thread stays while somebody else's post is shown in it; without a title if it is theirs.

    The title that it has instead is in the town's language, as it was.
    """
    if begun:
        with translation.override(settings.LANGUAGE_CODE):
            thread.title = gettext("Removed by its author")
    was_there = thread.standing == Standing.SHOWN
    goes_on = was_there and thread.posts.filter(standing=Standing.SHOWN).exists()
    if not goes_on and (begun or was_there):
        thread.standing = Standing.REMOVED
    count_posts(thread)
    change_thread(thread, "standing", "title", "posts_count", "last_at")


def _tell_where_titles_stand(threads: list[int]) -> None:
    """Threads that repeat one of ``threads`` name its title; last, as each lock comes before."""
    for repeating in Thread.objects.filter(duplicate_of__in=threads).order_by("pk"):
        publish(repeating.topic, "thread.changed")


FORUMS = Holding("forums", _("What you wrote in the forums"), export, erase, rename=show_new_name)
