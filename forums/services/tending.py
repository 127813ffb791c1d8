"""Tending threads: pinned, locked, slowed, answered, what they repeat, where they stand.

Deliberately absent: hiding and removing. That is decided at the desk, with a reason.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from engage.moderation.services.holding import hold_texts
from engage.moderation.services.receiving import relocate
from forums.models import Category, Thread
from forums.rules import (
    is_as_open,
    may_answer_officially,
    may_read_thread,
    may_see_unshown,
    may_tend,
)
from forums.selectors.desk import keys_along
from forums.services.locking import KIND, held_thread
from forums.services.refusing import no_such_thread
from forums.services.showing import change_thread

SLOWEST_S = 86_400


@transaction.atomic
def pin_thread(*, thread: Thread, by: User, pinned: bool) -> Thread:
    """Keep the thread at the top of its category, or let it go. As all of these services:

    Locks the thread. Publishes ``thread.changed`` if something changed. Idempotent.
    Raises DomainError("thread.not-found" | "thread.forbidden").
    """
    return _changed(_tended(thread, by), pinned=pinned)


@transaction.atomic
def lock_thread(*, thread: Thread, by: User, locked: bool) -> Thread:
    """Take no more texts in the thread, or take them again."""
    return _changed(_tended(thread, by), locked=locked)


@transaction.atomic
def slow_thread(*, thread: Thread, by: User, seconds: int) -> Thread:
    """Let ``seconds`` pass between two posts of a person, at most a day.

    Raises DomainError("thread.incomplete") for a time that is none, too.
    """
    if not 0 <= seconds <= SLOWEST_S:
        raise DomainError("thread.incomplete", _("Choose a time of at most one day."))
    return _changed(_tended(thread, by), slow_s=seconds)


@transaction.atomic
def mark_answered(*, thread: Thread, by: User, answered: bool) -> Thread:
    """Say that the thread has its answer; whoever answers for the town here may, too."""
    held = held_thread(thread.pk)
    may_mark = may_answer_officially(by, held.category) and may_read_thread(by, held)
    return _changed(held if may_mark else _refuse_unless_tended(held, by), answered=answered)


@transaction.atomic
def mark_duplicate(*, thread: Thread, by: User, of: Thread | None) -> Thread:
    """Say that the thread repeats another one, or (None) that it does not.

    Threads point to the end, never along a chain: what ``of`` repeats counts, and whatever repeats
    ``thread`` points there, too. Everybody who reads the thread must be able to read the other one.
    Locks all of them, in the order of their keys. Publishes ``thread.changed`` for each that
    changed. Raises DomainError("thread.conflict"), also where others were just marking them.
    """
    family = _family(thread, of)
    held = _held_together(family)
    if _family(thread, of) != family:
        raise _overtaken()
    own = _refuse_unless_tended(held[thread.pk], by)
    end = _end(held, of, by) if of else None
    if end and end.pk == own.pk:
        raise DomainError("thread.conflict", _("These threads would repeat each other."))
    if end and not is_as_open(end.category, own.category):
        sentence = _("Not everybody who reads this thread may read the other one.")
        raise DomainError("thread.forbidden", sentence)
    for repeating in held.values():
        if end and repeating.duplicate_of_id == own.pk:
            _changed(repeating, duplicate_of_id=end.pk)
    return _changed(own, duplicate_of_id=end.pk if end else None)


def _family(thread: Thread, of: Thread | None) -> set[int]:
    """The keys of all threads that are pointed elsewhere or pointed to."""
    found = {thread.pk, *Thread.objects.filter(duplicate_of=thread.pk).values_list("pk", flat=True)}
    if of:
        ends = Thread.objects.filter(pk=of.pk).values_list("duplicate_of", flat=True)
        found |= {of.pk, *(end for end in ends if end)}
    return found


def _held_together(keys: set[int]) -> dict[int, Thread]:
    threads = Thread.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return {each.pk: each for each in threads.select_related("category__area").order_by("pk")}


def _end(held: dict[int, Thread], of: Thread, by: User) -> Thread:
    named = held.get(of.pk)
    end = held.get(named.duplicate_of_id or named.pk) if named else None
    if not named or not end or not (may_read_thread(by, named) and may_read_thread(by, end)):
        raise no_such_thread()
    return end


@transaction.atomic
def move_thread(*, thread: Thread, by: User, category: Category) -> Thread:
    """Take the thread with all of its posts to another category; the desk's items go with them.

    Whoever moves it tends both places, so that nobody lets others read, or takes away from them,
    what is not theirs to tend. Raises DomainError("category.not-found") for a place that is not.
    """
    hold_texts(KIND, keys_along(thread.pk))
    held = _tended(thread, by)
    target = Category.objects.select_related("area").filter(pk=category.pk).first()
    if target is None or not may_tend(by, target):
        raise DomainError("category.not-found", _("You do not tend a category of this name."))
    if target.pk != held.category_id:
        held.category = target
        _tell(held, "category")
        keys = keys_along(held.pk)  # with what was written until the thread was locked
        relocate(kind=KIND, keys=keys, area=target.area)
    return held


@transaction.atomic
def turn_thread(*, thread: Thread, by: User, became: str) -> Thread:
    """Say that the thread was turned into what has the topic ``became``; the last one counts."""
    return _changed(_tended(thread, by), became=became)


def _tended(thread: Thread, by: User) -> Thread:
    return _refuse_unless_tended(held_thread(thread.pk), by)


def _refuse_unless_tended(held: Thread, by: User) -> Thread:
    known = held.standing == Standing.SHOWN or may_see_unshown(by, held.category)
    if not known or not (may_read_thread(by, held) or may_tend(by, held.category)):
        raise no_such_thread()
    if not may_tend(by, held.category):
        raise DomainError("thread.forbidden", _("You do not tend threads in this place."))
    return held


def _changed(held: Thread, **values: object) -> Thread:
    """Store and tell what is different from before; nothing if nothing is."""
    different = {name: value for name, value in values.items() if getattr(held, name) != value}
    if different:
        for name, value in different.items():
            setattr(held, name, value)
        _tell(held, *different)
    return held


def _tell(held: Thread, *fields: str) -> None:
    change_thread(held, *fields)
    publish(held.topic, "thread.changed")


def _overtaken() -> DomainError:
    sentence = _("Somebody else has just marked one of these threads. Look again.")
    return DomainError("thread.conflict", sentence)
