"""Everything at once in one thread: nobody waits for ever, and totals are those of a recount."""

import random

import pytest
from django.db.models import Max

from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import Verb
from engage.moderation.models import Item, Reason
from engage.moderation.services.deciding import decide
from forums.models import Post, Thread
from forums.services.editing import edit_post
from forums.services.reacting import count_stirred, react, reaction_counts
from forums.services.tending import lock_thread, move_thread, pin_thread
from forums.services.writing import post_reply, start_thread
from tests.forums import forum
from tests.forums.forum import told

EXPECTED = {
    "post.not-found", "post.forbidden", "thread.not-found", "thread.conflict", "thread.closed",
    "item.conflict", "item.claimed.conflict",
}  # fmt: skip


@pytest.mark.faults
@pytest.mark.adversary("A1", "A10")
@pytest.mark.django_db(transaction=True)
def test_whatever_happens_at_once_totals_and_facts_are_true(at_once):
    people = [forum.person() for _ in range(6)]
    town = forum.person(is_superuser=True)
    places = [forum.category(), forum.category()]
    first = start_thread(category=places[0], author=people[0], title="Trees", text="Plant.")
    thread = first.thread
    posts = [post_reply(thread=thread, author=people[i], text=f"Words {i}") for i in range(1, 6)]
    reason = Reason.objects.create(code="rude", language="en", title="Rude", statement="Please")

    def decided(verb, post):
        item = Item.objects.get(kind="post", key=str(post.pk))
        decide(item=item, by=town, verb=verb, reason=reason, statement="Please")

    deeds = [
        lambda i: post_reply(thread=thread, author=people[i % 6], text=f"More {i}", to=posts[0]),
        lambda i: edit_post(post=posts[i % 5], by=posts[i % 5].author, text=f"Other {i}"),
        lambda i: decided(Verb.HIDE, posts[i % 5]),
        lambda i: decided(Verb.RESTORE, posts[i % 5]),
        lambda i: react(post=posts[i % 5], person=people[i % 6], kind="agree", on=True),
        lambda i: count_stirred(),
        lambda i: move_thread(thread=thread, by=town, category=places[i % 2]),
        lambda i: pin_thread(thread=thread, by=town, pinned=bool(i % 2)),
        lambda i: lock_thread(thread=thread, by=town, locked=False),
    ]
    order = [i % len(deeds) for i in range(54)]
    random.Random(11).shuffle(order)
    answers = at_once(lambda i: deeds[order[i]](i), len(order))
    failed = [answer for answer in answers if isinstance(answer, Exception)]
    assert {getattr(error, "code", repr(error)) for error in failed} <= EXPECTED
    while count_stirred():
        pass
    check(thread)


def check(thread):
    thread = Thread.objects.get(pk=thread.pk)
    shown = thread.posts.filter(standing=Standing.SHOWN)
    assert (thread.posts_count, thread.last_at) == (
        shown.count(), shown.aggregate(n=Max("shown_at"))["n"],
    )  # fmt: skip
    known = {}
    for kind, data in told(thread):
        if kind.startswith("post."):
            known[data["post"]] = kind if kind != "post.edited" else known[data["post"]]
    gone = {"post.hidden", "post.removed"}
    assert {key for key, kind in known.items() if kind not in gone} == {post.pk for post in shown}
    recount = reaction_counts([post.pk for post in thread.posts.all()])
    for post in Post.objects.filter(thread=thread):
        assert post.reactions == recount.get(post.pk, {})
