"""Who may read, write and tend what in the forums; cheap questions first.

Deliberately absent: sentences; services and pages say each refusal in words. What these rules say
of one thing, ``forums.selectors.readable`` says of many in a query, and tests compare the two.
"""

from django.utils import timezone

from engage.identity.domain.eligibility import missing
from engage.identity.rules import (
    Person,
    is_staff_of_any_kind,
    may_administer,
    may_check_people,
    may_moderate,
    may_organise,
)
from engage.identity.selectors.people import claims_of
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Thread

EDITABLE = (Standing.SHOWN, Standing.RETURNED)
"""Nobody changes a text that a moderator is looking at, or has hidden."""

_OPENNESS: dict[str, int] = {
    Category.Readers.STAFF: 0, Category.Readers.ACCOUNT: 1, Category.Readers.EVERYONE: 2,
}  # fmt: skip


def may_read_category(person: Person, category: Category) -> bool:
    if category.readers == Category.Readers.EVERYONE:
        return True
    if category.readers == Category.Readers.ACCOUNT:
        return person.is_authenticated
    return is_staff_of_any_kind(person)


def missing_to_write(person: Person, category: Category) -> tuple[str, ...]:
    """What keeps this person from those who are asked to write here; empty if nothing does.

    Codes of ``engage.identity.domain.eligibility.missing``, "stranger" or "readers". Whether the
    category or a thread is closed is another question. Two queries.
    """
    if not person.is_authenticated:
        return ("stranger",)
    if not may_read_category(person, category):
        return ("readers",)
    now = timezone.now()
    return missing(category.asked, claims_of(person), now, today=timezone.localdate(now))


def may_tend(person: Person, category: Category) -> bool:
    """Pin, lock, slow, mark and move threads here: who moderates or organises in its area."""
    area = category.area_id or ""
    return may_moderate(person, area) or may_organise(person, area)


def may_see_unshown(person: Person, category: Category) -> bool:
    """Read what waits, was hidden or removed here: who moderates in its area."""
    return may_moderate(person, category.area_id or "")


def may_answer_officially(person: Person, category: Category) -> bool:
    area = category.area_id or ""
    trusted = (may_organise, may_check_people, may_administer)
    return any(may(person, area) for may in trusted)


def may_read_thread(person: Person, thread: Thread) -> bool:
    """A thread whose first post is not shown is not there, for anybody; its posts may be.

    Its page is the same for all who may read it. The author and moderators reach what is not shown
    post by post (``may_read_post``), where it was written by them or where they moderate.
    """
    return thread.standing == Standing.SHOWN and may_read_category(person, thread.category)


def may_know_title(person: Person, thread: Thread) -> bool:
    """The subject stands as the first post does; who wrote elsewhere in the thread has no part."""
    own = person.is_authenticated and thread.author_id == person.pk
    if may_read_thread(person, thread) or (own and thread.standing != Standing.REMOVED):
        return True
    return may_see_unshown(person, thread.category)


def may_read_post(person: Person, post: Post) -> bool:
    """The text of one post: what is shown, by all; the rest by its author and the moderators.

    What was removed is read by moderators alone.
    """
    if not may_read_category(person, post.thread.category):
        return False
    if post.standing == post.thread.standing == Standing.SHOWN:
        return True
    own = person.is_authenticated and post.author_id == person.pk
    if own and post.standing != Standing.REMOVED:
        return True
    return may_see_unshown(person, post.thread.category)


def is_as_open(other: Category, category: Category) -> bool:
    """Whether all who read ``category`` may read ``other``, too."""
    return _OPENNESS[other.readers] >= _OPENNESS[category.readers]


def may_edit_post(person: Person, post: Post) -> bool:
    """Its author, while it is shown or was returned to be changed, and nobody closed the thread."""
    own = person.is_authenticated and post.author_id == person.pk
    if not own or post.standing not in EDITABLE:
        return False
    thread = post.thread
    reached = post.first or thread.standing == Standing.SHOWN
    open_for_texts = not thread.locked and not thread.category.closed
    return reached and open_for_texts and may_read_category(person, thread.category)


def may_see_history(person: Person, post: Post) -> bool:
    """What a post said before; of what was never shown, see ``forums.selectors.histories``."""
    return may_read_post(person, post)
