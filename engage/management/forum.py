"""Bring what Eddersford talks about to life, as its people and moderators would have done it.

Idempotent: a category is known by its short name, a thread by its subject. Deliberately absent:
mails; no sample person waits for one, and the window with the codes stays readable.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from engage.identity.models import User
from engage.management.reasons import fill_reasons
from engage.management.talk import (
    CATEGORIES,
    THREADS,
    SampleCategory,
    SamplePost,
    SampleThread,
)
from engage.moderation.models import Decision, Item, Reason
from engage.moderation.services.deciding import decide
from engage.moderation.services.flagging import flag_text
from forums.models import Category, Notice, Post, Thread
from forums.services.reacting import react
from forums.services.tending import mark_answered, pin_thread
from forums.services.writing import answer_officially, post_reply, start_thread
from forums.tick import count_reactions

OFFICE = "Eddersford Town Council"
SETTLED = timedelta(days=400)
"""Sample people have been here for long: what they write is not held because they are new."""


def fill_forum() -> None:
    """Every category and thread that is not there yet."""
    fill_reasons()
    for position, sample in enumerate(CATEGORIES):
        _category(sample, position)
    User.objects.filter(email__endswith="@eddersford.example").update(
        joined_on=timezone.localdate() - SETTLED
    )
    for sample in THREADS:
        if not Thread.objects.filter(title=sample.title).exists():
            _thread(sample)
    count_reactions()


def _category(sample: SampleCategory, position: int) -> None:
    fields = {
        "name": sample.name, "description": sample.description, "theme": sample.theme,
        "area_id": sample.area or None, "readers": sample.readers, "look": sample.look,
        "position": position,
    }  # fmt: skip
    Category.objects.get_or_create(slug=sample.slug, defaults=fields)


@transaction.atomic
def _thread(sample: SampleThread) -> None:
    written: list[Post] = []
    for said in sample.posts:
        written.append(_post(sample, said, written))
        _date_back(written[-1], said.hours)
        for kind, who in said.reactions:
            react(post=written[-1], person=_somebody(who), kind=kind, on=True)
        _judge(written[-1], said)
    thread, organiser = written[0].thread, _somebody("organiser")
    if sample.pinned:
        pin_thread(thread=thread, by=organiser, pinned=True)
    if sample.answered:
        mark_answered(thread=thread, by=organiser, answered=True)
    _told_already(thread)


def _post(sample: SampleThread, said: SamplePost, written: list[Post]) -> Post:
    author = _somebody(said.who)
    if not written:
        category = Category.objects.get(slug=sample.category)
        return start_thread(category=category, author=author, title=sample.title, text=said.text)
    thread = Thread.objects.get(pk=written[0].thread_id)
    to = written[said.to - 1] if said.to else None
    if said.office:
        return answer_officially(thread=thread, by=author, text=said.text, office=OFFICE, to=to)
    return post_reply(thread=thread, author=author, text=said.text, to=to)


def _date_back(post: Post, hours: int) -> None:
    """It was written some hours ago, and so stands in lists and at the desk."""
    ago, key = timedelta(hours=hours), str(post.pk)
    Post.objects.filter(pk=post.pk).update(
        written_at=F("written_at") - ago, shown_at=F("shown_at") - ago
    )
    items = Item.objects.filter(kind="post", key=key)
    items.update(written_at=F("written_at") - ago, queued_at=F("queued_at") - ago)
    if post.first:
        Thread.objects.filter(pk=post.thread_id).update(started_at=F("started_at") - ago)
    Thread.objects.filter(pk=post.thread_id).update(last_at=timezone.now() - ago)


def _judge(post: Post, said: SamplePost) -> None:
    """Readers object, and a moderator decides."""
    for who, why in said.objections:
        flag_text(kind="post", key=str(post.pk), by=_somebody(who), why=why)
    if said.decided is None:
        return
    verb, code = said.decided
    reason = Reason.objects.filter(code=code, language="en").first()
    assert reason is not None, f"no reason is called {code}"
    item = Item.objects.get(kind="post", key=str(post.pk))
    by, told = _somebody("moderator"), reason.statement
    decide(item=item, by=by, verb=verb, reason=reason, statement=told)


def _told_already(thread: Thread) -> None:
    Thread.objects.filter(pk=thread.pk).update(told_number=F("last_number"))
    Notice.objects.filter(post__thread=thread).delete()
    keys = [str(key) for key in thread.posts.values_list("pk", flat=True)]
    Decision.objects.filter(item__kind="post", item__key__in=keys).update(told_at=timezone.now())


def _somebody(name: str) -> User:
    return User.objects.get(email=f"{name}@eddersford.example")
