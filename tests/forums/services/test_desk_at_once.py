"""The desk at work on one thread from several sides: nobody waits for who waits for them."""

import pytest

from engage.domain.errors import DomainError
from engage.moderation.models import Decision, Item
from engage.moderation.services.deciding import decide, decide_together
from engage.web.limits import TooMany
from forums.models import Post, Thread
from forums.services.tending import mark_duplicate
from forums.services.writing import post_reply
from tests.engage.moderation import desk
from tests.forums import forum
from tests.voting.areas import ELSEWHERE, HERE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ROUNDS = 6


def talk(place, posts=6):
    """A thread whose posts all wait at the desk."""
    thread = forum.thread(place)
    forum.many(thread, posts - 1)
    for post in thread.posts.order_by("pk"):
        waits(post, place)
    return thread


def waits(post, place):
    return Item.objects.create(
        kind="post", key=str(post.pk), area=place.area, author=post.author, standing="shown",
        queued_at=post.written_at,
    )  # fmt: skip


def items_of(thread):
    keys = [str(key) for key in thread.posts.order_by("pk").values_list("pk", flat=True)]
    return list(Item.objects.filter(kind="post", key__in=keys).order_by("pk"))


def broken(answers):
    refused = (DomainError, TooMany)
    return [
        each for each in answers if isinstance(each, Exception) and not isinstance(each, refused)
    ]


def test_a_thread_is_moved_from_several_of_its_posts_while_others_are_decided_on(at_once):
    here, there, why = forum.category(HERE), forum.category(ELSEWHERE), desk.reason()
    people = [desk.moderator() for _ in range(8)]
    for _round in range(ROUNDS):
        thread = talk(here)
        items = items_of(thread)

        def act(n, items=items):
            if n < 4:
                place = {"verb": "move", "detail": str(there.pk), "reason": None, "statement": ""}
                return decide(item=items[-1 - n], by=people[n], **place)
            words = {"by": people[n], "verb": "hide", "reason": why, "statement": "So."}
            if n < 6:
                return decide_together(items=items[n - 4 :], **words)
            return decide(item=items[n - 4], **words)

        assert broken(at_once(act, 8)) == []
        thread.refresh_from_db()
        assert {item.area_id for item in items_of(thread)} == {thread.category.area_id}
        standings = {
            str(pk): standing for pk, standing in Post.objects.values_list("pk", "standing")
        }
        assert all(standings[item.key] == item.standing for item in items_of(thread))


def test_what_is_written_while_a_thread_is_moved_moves_along(at_once):
    here, there = forum.category(HERE, level=0), forum.category(ELSEWHERE, level=0)
    by = desk.moderator()
    people = [desk.moderator() for _ in range(5)]
    for _round in range(ROUNDS):
        thread = talk(here, posts=2)
        first = items_of(thread)[0]

        def act(n, thread=thread, first=first):
            if n == 0:
                place = {"verb": "move", "detail": str(there.pk), "reason": None, "statement": ""}
                return decide(item=first, by=by, **place)
            return post_reply(thread=thread, author=people[n - 1], text=f"Number {n}.")

        assert broken(at_once(act, 6)) == []
        thread.refresh_from_db()
        assert {item.area_id for item in items_of(thread)} == {thread.category.area_id}


def test_many_of_several_threads_are_decided_while_the_threads_are_tended(at_once):
    place, why = forum.category(HERE), desk.reason()
    for _round in range(ROUNDS):
        first, second = forum.thread(place), forum.thread(place)
        forum.many(first, 3)
        forum.many(second, 3)
        turn = [*second.posts.order_by("pk")[1:], *first.posts.order_by("pk")[1:]]
        items = [waits(post, place) for post in turn]  # the later thread comes first
        people = [desk.moderator() for _ in range(6)]

        def act(n, first=first, second=second, items=items, people=people):
            if n % 2:
                return mark_duplicate(thread=first, by=people[n], of=None if n == 3 else second)
            words = {"by": people[n], "verb": "hide", "reason": why, "statement": "So."}
            return decide_together(items=items, **words)

        assert broken(at_once(act, 6)) == []
        assert Thread.objects.filter(pk=first.pk).exists()
        assert Decision.objects.filter(item__in=items).count() == len(items)
