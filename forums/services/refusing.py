"""Refusals of the forums: a code, a sentence, and the way on.

Deliberately absent: what may be done; that is in ``forums.rules``.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.domain.errors import DomainError
from engage.identity.rules import Person
from engage.web.limits import TooMany
from forums.models import Category, Thread
from forums.rules import may_read_category, missing_to_write

PLACE = "/you/place/"


def no_such_post() -> DomainError:
    return DomainError("post.not-found", _("This post is not there, or not for you to see."))


def words_are_gone() -> DomainError:
    return DomainError("post.conflict", _("Its author has taken these words away for good."))


def no_such_thread() -> DomainError:
    return DomainError("thread.not-found", _("This thread is not there, or not for you to see."))


def refuse_who_may_not_write(person: Person, category: Category) -> None:
    """Raises DomainError("category.not-found" | "category.closed" | "post.sign-in" |
    "post.forbidden"), each with the way on."""
    if not may_read_category(person, category):
        raise DomainError("category.not-found", _("This category is not there for you."))
    if category.closed:
        sentence = _("This category is closed. What was written here can still be read.")
        raise DomainError("category.closed", sentence, next=category.get_absolute_url())
    lacking = missing_to_write(person, category)
    if "stranger" in lacking:
        sentence = _("Sign in to write here.")
        way = f"/accounts/login/?next={category.get_absolute_url()}"
        raise DomainError("post.sign-in", sentence, next=way)
    if lacking:
        raise DomainError("post.forbidden", _asked(category, lacking), next=PLACE)


def _asked(category: Category, lacking: tuple[str, ...]) -> str:
    if "level" in lacking:
        level = category.get_level_display()
        return _("To write here, one thing is missing: %(level)s.") % {"level": level}
    area = {"area": category.area.name if category.area else ""}
    if "area" in lacking:
        return _("Only residents of %(area)s write here; your address is elsewhere.") % area
    return _("Only residents of %(area)s write here. Confirm your address first.") % area


def refuse_closed(thread: Thread) -> None:
    """Raises DomainError("thread.closed" | "category.closed") where nobody writes any more."""
    if thread.category.closed:
        sentence = _("This category is closed. What was written here can still be read.")
        raise DomainError("category.closed", sentence, next=thread.get_absolute_url())
    if thread.locked:
        sentence = _("This thread is locked. What was written here can still be read.")
        raise DomainError("thread.closed", sentence, next=thread.get_absolute_url())


def too_soon(seconds: int) -> TooMany:
    """Slow mode: the next post of the same person has to wait."""
    sentence = ngettext(
        "This thread is in slow mode. You can write again in %(n)d second; nothing you typed is "
        "lost.",
        "This thread is in slow mode. You can write again in %(n)d seconds; nothing you typed is "
        "lost.",
        seconds,
    )
    return TooMany("thread.too-many", sentence % {"n": seconds}, seconds=seconds)
