"""Reactions: one of each kind, counted from the rows by one job that may be killed or run twice."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Reaction, Stir
from forums.services import reacting
from forums.services.reacting import count_stirred, react, reaction_counts
from forums.tick import count_reactions
from tests.forums import forum
from tests.forums.forum import told

pytestmark = pytest.mark.django_db
KINDS = Reaction.Kind.values


def counted():
    """What posts say, and what a recount says."""
    stored = {post.pk: post.reactions for post in Post.objects.all()}
    recount = reaction_counts(list(stored))
    return stored, {key: dict(recount.get(key, {})) for key in stored}


def test_a_reaction_is_counted_and_told_once():
    post = forum.first(forum.thread())
    readers = [forum.person() for _ in range(3)]
    for reader in readers:
        react(post=post, person=reader, kind="thanks", on=True)
        react(post=post, person=reader, kind="thanks", on=True)
    react(post=post, person=readers[0], kind="idea", on=True)
    assert len(told(post.thread)) == 1
    count_reactions()
    post.refresh_from_db()
    assert post.reactions == {"thanks": 3, "idea": 1}
    assert told(post.thread)[1:] == [("posts.reacted", {"posts": str(post.pk)})]
    react(post=post, person=readers[0], kind="thanks", on=False)
    react(post=post, person=readers[0], kind="thanks", on=False)
    count_reactions()
    post.refresh_from_db()
    assert post.reactions == {"thanks": 2, "idea": 1}
    count_reactions()
    post.thread.refresh_from_db()
    assert post.thread.version == 3
    assert len(told(post.thread)) == 3
    assert not Stir.objects.exists()


def test_whatever_is_pressed_the_counts_are_those_of_a_recount():
    thread = forum.thread()
    posts = [forum.first(thread), *(forum.post(thread) for _ in range(4))]
    people = [forum.person() for _ in range(5)]
    chance = random.Random(7)
    for step in range(120):
        react(
            post=chance.choice(posts), person=chance.choice(people), kind=chance.choice(KINDS),
            on=chance.random() < 0.7,
        )  # fmt: skip
        if step % 40 == 39:
            count_reactions()
            stored, recount = counted()
            assert stored == recount


def test_a_fact_names_at_most_twenty_posts():
    thread, reader = forum.thread(), forum.person()
    forum.many(thread, 44)
    for post in thread.posts.all():
        react(post=post, person=reader, kind="agree", on=True)
    count_reactions()
    facts = [data["posts"].split(".") for kind, data in told(thread) if kind == "posts.reacted"]
    assert [len(keys) for keys in facts] == [20, 20, 5]
    assert {int(key) for keys in facts for key in keys} == {post.pk for post in thread.posts.all()}


@pytest.mark.faults
@pytest.mark.adversary("A7")
def test_killed_in_the_middle_it_loses_nothing(monkeypatch):
    post = forum.first(forum.thread())
    react(post=post, person=forum.person(), kind="agree", on=True)

    def killed(*_told):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reacting, "_tell", killed)
        with pytest.raises(KeyboardInterrupt):
            count_reactions()
    post.refresh_from_db()
    assert (post.reactions, Stir.objects.count()) == ({}, 1)
    count_reactions()
    post.refresh_from_db()
    assert (post.reactions, Stir.objects.count()) == ({"agree": 1}, 0)


@pytest.mark.adversary("A1", "A7")
@pytest.mark.django_db(transaction=True)
def test_many_at_once_while_two_jobs_count(at_once):
    post = forum.first(forum.thread())
    people = [forum.person() for _ in range(5)]

    def act(i):
        if i % 5 == 0:
            return count_stirred()
        return react(post=post, person=people[i % 5], kind=KINDS[i % 4], on=True)

    assert not [answer for answer in at_once(act, 40) if isinstance(answer, Exception)]
    count_reactions()
    stored, recount = counted()
    assert stored == recount
    assert sum(recount[post.pk].values()) == 16


def test_many_stirs_are_counted_in_rounds(monkeypatch):
    monkeypatch.setattr(reacting, "A_ROUND", 2)
    post = forum.first(forum.thread())
    for _ in range(5):
        react(post=post, person=forum.person(), kind="agree", on=True)
    count_reactions()
    post.refresh_from_db()
    assert post.reactions == {"agree": 5}


def refused(code, **asked):
    with pytest.raises(DomainError) as error:
        react(kind=asked.pop("kind", "agree"), on=True, **asked)
    assert error.value.code == code
    assert not Stir.objects.exists()


@pytest.mark.adversary("D1", "D2")
def test_nobody_reacts_to_what_is_not_there_for_them():
    reader = forum.person()
    secret = forum.first(forum.thread(forum.category(readers=Category.Readers.STAFF)))
    refused("post.not-found", post=secret, person=reader)
    for standing in set(Standing) - {Standing.SHOWN}:
        author = forum.person()
        post = forum.post(forum.thread(), author, standing=standing)
        refused("post.not-found", post=post, person=author)
        reply = forum.post(forum.thread(standing=standing), author)
        refused("post.not-found", post=reply, person=author)


def test_strangers_are_asked_to_sign_in():
    refused("post.sign-in", post=forum.first(forum.thread()), person=AnonymousUser())


@pytest.mark.parametrize("kind", ["", "AGREE", "love", "agree "])
def test_there_are_no_other_kinds(kind):
    refused(
        "reaction.not-found", post=forum.first(forum.thread()), person=forum.person(), kind=kind
    )


def test_a_locked_thread_takes_none():
    thread = forum.thread(locked=True)
    refused("thread.closed", post=forum.first(thread), person=forum.person())
    closed = forum.thread(forum.category(closed=True))
    refused("category.closed", post=forum.first(closed), person=forum.person())


def test_a_post_that_nobody_saw_is_counted_in_silence():
    post = forum.post(forum.thread(), standing=Standing.HELD)
    Stir.objects.create(post=post)
    before = Entry.objects.count()
    count_reactions()
    assert Entry.objects.count() == before


def test_a_roll_back_leaves_nothing():
    post = forum.first(forum.thread())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        react(post=post, person=forum.person(), kind="agree", on=True)
        raise ZeroDivisionError
    assert not (Reaction.objects.exists() or Stir.objects.exists())


def test_threads_are_counted_one_by_one():
    posts = [forum.first(forum.thread()) for _ in range(3)]
    for post in posts:
        react(post=post, person=forum.person(), kind="agree", on=True)
    assert [count_stirred() for _ in range(4)] == [1, 1, 1, 0]
    assert [post.reactions for post in Post.objects.all()] == [{"agree": 1}] * 3


def test_the_job_takes_a_few_queries_for_one_post_and_for_three(django_assert_num_queries):
    thread = forum.thread()
    posts = [forum.first(thread), forum.post(thread), forum.post(thread)]
    for few in (posts[:1], posts):
        for post in few:
            react(post=post, person=forum.person(), kind="agree", on=True)
        with django_assert_num_queries(13):
            assert count_stirred() == len(few)
