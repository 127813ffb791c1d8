"""Somebody's own drafts, and where each of them was to go. Two queries and one for each kind.

Deliberately absent: anybody else's; there is no way to ask for them.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from engage.identity.models import User
from forums.models import Draft
from forums.selectors.readable import reachable_posts, readable_categories, readable_threads
from forums.selectors.threads import titled_for


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft, ``where`` it was to go in words, the ``title`` of that, and the page to go on."""

    draft: Draft
    where: str
    title: str
    url: str


def draft_at(person: User, place: str) -> Draft | None:
    return Draft.objects.filter(person=person, place=place).first()


def drafts_of(person: User) -> list[Kept]:
    """The last changed first. One whose place is not there any more is shown without a way on."""
    drafts = list(Draft.objects.filter(person=person))
    keys: dict[str, set[int]] = {"category": set(), "thread": set(), "post": set()}
    for draft in drafts:
        kind, _dot, key = draft.place.partition(".")
        keys[kind if kind in keys else "post"].add(int(key))
    categories = readable_categories(person).in_bulk(keys["category"])
    threads = readable_threads(person).in_bulk(keys["thread"])
    posts = reachable_posts(person).select_related("thread__category").in_bulk(keys["post"])
    for post in posts.values():
        titled_for(person, post.thread)
    found = {"category": categories, "thread": threads, "post": posts}
    return [_kept(draft, found) for draft in drafts]


def _kept(draft: Draft, found: dict) -> Kept:
    kind, _dot, key = draft.place.partition(".")
    aim = found.get(kind, found["post"]).get(int(key))
    if kind == "category":
        url = aim and reverse("thread-new", args=[aim.slug])
        return Kept(draft, _("A new thread in"), str(aim or ""), url or "")
    if kind == "thread":
        url = aim and f"{reverse('reply', args=[aim.pk])}"
        return Kept(draft, _("A reply in"), str(aim or ""), url or "")
    title = aim.thread.title if aim else ""
    if kind == "reply":
        url = aim and f"{reverse('reply', args=[aim.thread_id])}?to={aim.pk}"
        return Kept(draft, _("A reply to a post in"), title, url or "")
    url = aim and reverse("post-edit", args=[aim.pk])
    return Kept(draft, _("A change to your post in"), title, url or "")
