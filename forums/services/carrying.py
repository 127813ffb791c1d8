"""Turning a thread into something more: its words go along, and a link stays.

Deliberately absent: what that is. An app that offers it begins it (``engage.identity.onward``).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.identity.onward import Onward, kinds
from forums.models import Thread
from forums.services.locking import held_thread
from forums.services.tending import turn_thread


def onward_for(person: User, thread: Thread) -> list[Onward]:
    """What ``person`` may begin in the area of ``thread``."""
    area = thread.category.area_id or ""
    return [kind for kind in kinds().values() if kind.may(person, area)]


@transaction.atomic
def carry_on(*, thread: Thread, by: User, kind: str) -> Thread:
    """Begin a ``kind`` with the subject and the first post of ``thread``; each links to the other.

    Locks the thread. Publishes ``thread.changed``. Once only. Raises DomainError("thread.conflict"
    | "thread.not-found" | "thread.forbidden"), and what beginning it raises.
    """
    held = held_thread(thread.pk)
    if held.became:
        raise DomainError("thread.conflict", _("It was turned into something already."))
    chosen = {each.name: each for each in onward_for(by, held)}.get(kind)
    if chosen is None:
        raise DomainError("thread.forbidden", _("You cannot begin this in the thread's area."))
    first = held.posts.filter(first=True).values_list("text", flat=True).first() or ""
    words = _("What was said about it in the forum")
    source = f"[{words}]({held.get_absolute_url()})"
    topic = chosen.begin(by, held.category.area, held.title, f"{source}\n\n{first}")
    return turn_thread(thread=held, by=by, became=str(topic))
