"""What is talked about in the filled town: places for some, texts of every standing.

Deliberately absent: what anybody should be answered; that is ``tests/rights_talk.py``.
"""

from typing import Any

from django.utils import timezone

from engage.identity.models import Area, User
from engage.moderation.models import Item
from forums.models import Category, Draft, Picture, Post, Thread
from forums.services.showing import let_post_stand
from forums.services.writing import post_reply, start_thread

Variants = dict[str, dict[str, Any]]
UNSHOWN = ("held", "returned", "hidden", "removed")


def talk_things(people: dict[str, User], area: Area) -> tuple[dict[str, Any], Variants]:
    """The parts of addresses, and those of routes and variants of their own.

    The usual thread and its first post are the author's, in a place that everybody reads; a
    variant is named for who reads the place of its thread, or for how its post stands.
    """
    author = people["author"]
    places = {readers: _place(readers, area) for readers in Category.Readers.values}
    posts = {readers: _start(author, place) for readers, place in places.items()}
    usual = posts["everyone"]
    variants: Variants = {
        readers: {"thread": post.thread_id, "post": post.pk, "slug": places[readers].slug,
                  "name": str(post.thread.topic)}
        for readers, post in posts.items()
    }  # fmt: skip
    variants |= {standing: {"post": _stood(author, usual.thread, standing)} for standing in UNSHOWN}
    draft = Draft.objects.create(
        person=author, place=f"thread.{usual.thread_id}", text="Well, I think"
    )
    pictures = {
        readers: Picture.objects.create(
            post=post, by=author, alt="A bench", kind="png", width=1, height=1, content=b"x"
        )
        for readers, post in posts.items()
    }
    for readers, picture in pictures.items():
        variants[readers]["picture"] = picture.pk
    slug = {"slug": places["everyone"].slug}
    variants |= {"category": slug, "thread-new": slug, "category-feed": slug}
    variants["flag"] = {"kind": "post", "key": usual.pk}
    things = {
        "thread": usual.thread_id, "post": usual.pk, "category": places["everyone"].pk,
        "draft": draft.pk, "picture": pictures["everyone"].pk,
    }  # fmt: skip
    return things, variants


def _place(readers: str, area: Area) -> Category:
    return Category.objects.create(
        slug=f"place-{readers}", name=f"Place {readers}", area=area, readers=readers
    )


def _start(author: User, place: Category) -> Post:
    staff = place.readers == Category.Readers.STAFF
    if staff:  # who wrote there while they worked for the town
        Category.objects.filter(pk=place.pk).update(readers="everyone")
    post = start_thread(
        category=Category.objects.get(pk=place.pk), author=author, title=f"In {place.slug}",
        text=f"Words in {place.slug}.",
    )  # fmt: skip
    Category.objects.filter(pk=place.pk).update(readers=place.readers)
    return post


def _stood(author: User, thread: Thread, standing: str) -> int:
    post = post_reply(thread=thread, author=author, text=f"Words that are {standing} by now.")
    let_post_stand(str(post.pk), standing)
    waits = timezone.now() if standing == "held" else None
    Item.objects.filter(kind="post", key=str(post.pk)).update(standing=standing, queued_at=waits)
    return post.pk
