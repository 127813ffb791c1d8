"""Starting a thread, and answering in one.

Deliberately absent: limits, words and signals; ``engage.moderation`` looks each text over before
it is stored, and says whether it is shown at once.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from engage.moderation.services.receiving import Verdict, enter, look_over
from forums.models import Category, Picture, Post, Thread
from forums.rules import may_answer_officially, may_read_thread, may_tend
from forums.selectors.mentioned import people_named
from forums.services.drafting import use_up_draft
from forums.services.following import follow_by_taking_part
from forums.services.locking import KIND, held_thread, hold_account
from forums.services.mentioning import name_people
from forums.services.refusing import (
    no_such_post,
    no_such_thread,
    refuse_closed,
    refuse_who_may_not_write,
    too_soon,
)
from forums.services.showing import first_show
from forums.services.wording import LONGEST_TITLE, html_of, taken_text, taken_title


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody sends: the text, its pictures, and what tells the same form sent twice."""

    author: User
    text: str
    pictures: Sequence[uuid.UUID] = ()
    attempt: uuid.UUID | None = None
    network: str = ""


@transaction.atomic
def start_thread(
    *,
    category: Category,
    author: User,
    title: str,
    text: str,
    pictures: Sequence[uuid.UUID] = (),
    attempt: uuid.UUID | None = None,
    network: str = "",
) -> Post:
    """Begin a thread with its first post; held if moderators look first, or something was noticed.

    Locks the author's account. Publishes ``post.added`` if it is shown. Idempotent for one
    ``attempt``: the same post comes back. Raises DomainError("category.not-found" |
    "category.closed" | "post.sign-in" | "post.forbidden" | "post.conflict" | "text.empty" |
    "text.too-long" | "picture.not-found"), and whatever ``look_over`` raises.
    """
    refuse_who_may_not_write(author, category)
    written = Written(author, text, pictures, attempt, network)
    hold_account(author)
    if known := _sent_before(written):
        return known
    title, text = taken_title(title), taken_text(text)
    verdict = _looked_over(f"{title}\n\n{text}", category, written)
    title, _line, text = verdict.text.partition("\n")
    verdict = replace(verdict, text=taken_text(text))
    now = timezone.now()
    thread = Thread(
        category=category, title=taken_title(title[:LONGEST_TITLE]), author=author,
        standing=verdict.standing, started_at=now, last_at=now,
    )  # fmt: skip
    thread.save()
    use_up_draft(author, f"category.{category.pk}")
    return _stored(Post(thread=thread, first=True), written, verdict)


@transaction.atomic
def post_reply(
    *,
    thread: Thread,
    author: User,
    text: str,
    to: Post | None = None,
    pictures: Sequence[uuid.UUID] = (),
    attempt: uuid.UUID | None = None,
    network: str = "",
) -> Post:
    """Add ``author``'s post to an open thread, as an answer to it or ``to`` one of its posts.

    An answer to the first post is one to the thread; one to a reply stands under the same root and
    quotes it. Locks the author's account and the thread, so that none slips in as it closes.
    Publishes ``post.added`` if it is shown. Idempotent for one ``attempt``.
    Raises DomainError("thread.not-found" | "post.not-found" | "thread.closed" | "post.forbidden" |
    …) as ``start_thread``, and TooMany in slow mode.
    """
    written = Written(author, text, pictures, attempt, network)
    hold_account(author)
    if known := _sent_before(written):
        return known
    return _answered(thread, written, to)


@transaction.atomic
def answer_officially(
    *,
    thread: Thread,
    by: User,
    text: str,
    office: str,
    to: Post | None = None,
    attempt: uuid.UUID | None = None,
) -> Post:
    """Answer in the name of ``office``; the answer stands at the top of the thread, too.

    It is cleaned and looked over like everybody's, and shown without waiting where this place
    makes texts wait. A locked thread takes it. Locks and publishes as ``post_reply``.
    Raises DomainError("post.forbidden") for those who do not speak for the town here.
    """
    if not may_answer_officially(by, thread.category):
        raise DomainError("post.forbidden", _("You do not answer for the town in this place."))
    written = Written(by, text, (), attempt)
    hold_account(by)
    if known := _sent_before(written):
        return known
    return _answered(thread, written, to, taken_title(office))


def _answered(thread: Thread, written: Written, to: Post | None, office: str = "") -> Post:
    """Look the answer over, then store it under the thread's lock if nobody closed it meanwhile."""
    category = Category.objects.select_related("area").get(threads=thread.pk)
    if not office:
        refuse_who_may_not_write(written.author, category)
    named = people_named(thread, written.text, written.author)
    verdict = _looked_over(taken_text(written.text), category, written, len(named), office)
    thread = held_thread(thread.pk)
    if not may_read_thread(written.author, thread):
        raise no_such_thread()
    if thread.category_id != category.pk:
        raise DomainError("thread.conflict", _("The thread was moved just now. Try again."))
    if not office or category.closed:
        refuse_closed(thread)
        _refuse_too_soon(thread, written.author)
    post = _answering(thread, to)
    post.office = office
    use_up_draft(written.author, f"reply.{to.pk}" if to and not office else f"thread.{thread.pk}")
    return _stored(post, written, verdict, named)


def _answering(thread: Thread, to: Post | None) -> Post:
    """A post that stands where an answer to ``to`` belongs; only to what is shown in the thread."""
    if to is None:
        return Post(thread=thread)
    found = thread.posts.filter(pk=to.pk, standing=Standing.SHOWN).select_related("root").first()
    if found is None:
        raise no_such_post()
    if found.first:
        return Post(thread=thread)
    if found.root:
        return Post(thread=thread, root=found.root, quotes=found)
    return Post(thread=thread, root=found)


def _sent_before(written: Written) -> Post | None:
    """The post that the same form made already; the author's account is locked."""
    if written.attempt is None:
        return None
    found = Post.objects.filter(attempt=written.attempt).select_related("thread").first()
    if found and found.author_id != written.author.pk:
        raise DomainError("post.conflict", _("Open the page again and send it once more."))
    return found


def _looked_over(
    text: str, category: Category, written: Written, mentions: int = 0, office: str = ""
) -> Verdict:
    waits = category.look == Category.Look.BEFORE
    trusted = bool(office) or may_tend(written.author, category)
    return look_over(
        kind=KIND, text=text, author=written.author, area=category.area, language=get_language(),
        held_by_space=waits and not trusted, pictures=len(written.pictures), mentions=mentions,
        network=written.network, official=bool(office),
    )  # fmt: skip


def _refuse_too_soon(thread: Thread, author: User) -> None:
    """Slow mode holds for everybody but those who tend the thread; the account is locked."""
    if not thread.slow_s or may_tend(author, thread.category):
        return
    last = thread.posts.filter(author=author).order_by("-written_at").first()
    waited = (timezone.now() - last.written_at).total_seconds() if last else thread.slow_s
    if waited < thread.slow_s:
        raise too_soon(max(1, int(thread.slow_s - waited)))


def _stored(post: Post, written: Written, verdict: Verdict, named: Collection[User] = ()) -> Post:
    """Store a new post of a locked (or new) thread, show it if it may be, bring it to the desk."""
    now = timezone.now()
    post.author, post.attempt, post.written_at = written.author, written.attempt, now
    post.text, post.html = verdict.text, html_of(verdict.text, named)
    post.standing = Standing.HELD
    post.save()
    name_people(post=post, people=named)
    follow_by_taking_part(thread=post.thread, person=written.author)
    _attach(post, written)
    if verdict.standing == Standing.SHOWN:
        post.standing = Standing.SHOWN
        first_show(post, post.thread, now)
    area = post.thread.category.area
    enter(kind=KIND, key=str(post.pk), author=written.author, area=area, verdict=verdict)
    return post


def _attach(post: Post, written: Written) -> None:
    """Put the author's own uploads into the post, in the order in which they were named."""
    for position, picture in enumerate(dict.fromkeys(written.pictures)):
        own = Picture.objects.filter(pk=picture, by=written.author, post=None)
        if not own.update(post=post, position=position):
            sentence = _("One of the pictures is not there any more. Add it again.")
            raise DomainError("picture.not-found", sentence)
