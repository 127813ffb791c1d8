"""How posts stand: each way from one standing to another, what is told, and true counts."""

import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Thread
from forums.services.showing import let_post_stand
from forums.services.tending import move_thread
from tests.forums import forum
from tests.forums.forum import told

pytestmark = pytest.mark.django_db
STANDINGS = tuple(Standing)
UNSEEN = (Standing.HELD, Standing.RETURNED, Standing.HIDDEN)


def line(standing):
    """What readers see in the place of a post that was shown once."""
    return {Standing.SHOWN: "restored", Standing.REMOVED: "removed"}.get(standing, "hidden")


@pytest.mark.parametrize("after", STANDINGS)
@pytest.mark.parametrize("before", STANDINGS)
@pytest.mark.parametrize("first", [True, False], ids=["first", "reply"])
def test_every_way_from_one_standing_to_another(before, after, first):
    thread = forum.thread()
    post = forum.first(thread) if first else forum.post(thread)
    let_post_stand(str(post.pk), before)
    already = len(told(thread))
    number = post.number
    let_post_stand(str(post.pk), after)
    post.refresh_from_db()
    thread.refresh_from_db()
    assert post.standing == after
    assert thread.standing == (after if first else Standing.SHOWN)
    assert post.number == number
    news = [(f"post.{line(after)}", {"post": post.pk})] if line(before) != line(after) else []
    assert told(thread)[already:] == news
    assert thread.posts_count == (after == Standing.SHOWN) + (not first)


@pytest.mark.parametrize("standing", [Standing.RETURNED, Standing.HIDDEN, Standing.REMOVED])
def test_what_was_never_shown_leaves_no_line(standing):
    thread = forum.thread()
    post = forum.post(thread, standing=Standing.HELD)
    already = told(thread)
    let_post_stand(str(post.pk), standing)
    post.refresh_from_db()
    assert (post.number, told(thread)) == (None, already)
    let_post_stand(str(post.pk), Standing.SHOWN)
    assert told(thread)[-1] == ("post.added", {"post": post.pk, "number": 2})


def test_numbers_are_given_in_the_order_of_being_shown():
    thread = forum.thread()
    held = [forum.post(thread, standing=Standing.HELD) for _ in range(3)]
    later = forum.post(thread)
    for post in held[::-1]:
        let_post_stand(str(post.pk), Standing.SHOWN)
    numbers = Post.objects.in_bulk([post.pk for post in held])
    assert later.number == 2
    assert [numbers[post.pk].number for post in held] == [5, 4, 3]


def test_a_reply_that_waited_stands_under_its_root():
    thread = forum.thread()
    root = forum.post(thread)
    reply = forum.post(thread, to=root, standing=Standing.HELD)
    let_post_stand(str(root.pk), Standing.HIDDEN)
    let_post_stand(str(reply.pk), Standing.SHOWN)
    reply.refresh_from_db()
    assert (reply.number, reply.root_number) == (3, 2)


def test_a_thread_that_waited_is_new_when_it_is_shown():
    thread = forum.thread(standing=Standing.HELD)
    first = forum.first(thread)
    begun = thread.started_at
    let_post_stand(str(first.pk), Standing.SHOWN)
    thread.refresh_from_db()
    first.refresh_from_db()
    assert thread.started_at == begun < thread.last_at == first.shown_at


@pytest.mark.adversary("D2", "F6")
@pytest.mark.parametrize("key", ["", "0", "4711", "x", "-1", "1.0", "١", "9" * 19, "1 OR 1=1"])
def test_a_key_that_is_none_changes_nothing(key):
    post = forum.first(forum.thread())
    assert str(post.pk) != key
    with pytest.raises(DomainError) as error:
        let_post_stand(key, Standing.HIDDEN)
    assert error.value.code == "post.not-found"


def test_a_roll_back_tells_nothing():
    post = forum.post(forum.thread())
    already = told(post.thread)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        let_post_stand(str(post.pk), Standing.HIDDEN)
        raise ZeroDivisionError
    assert told(post.thread) == already


class Forum(RuleBasedStateMachine):
    """Whatever is done in whatever order: running total = recount, and the facts tell it all."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.people = [forum.person() for _ in range(2)]
        self.town: User = forum.person(is_superuser=True)
        self.places = [forum.category(), forum.category(readers=Category.Readers.STAFF)]
        self.threads = [forum.thread(self.places[0], self.people[0])]

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def post(self, data):
        posts = Post.objects.filter(thread__in=self.threads).order_by("pk")
        return data.draw(st.sampled_from(list(posts)))

    @precondition(lambda self: len(self.threads) < 3)
    @rule(standing=st.sampled_from(STANDINGS))
    def start(self, standing):
        self.threads.append(forum.thread(self.places[0], self.people[0], standing=standing))

    @rule(data=st.data(), standing=st.sampled_from([Standing.SHOWN, Standing.HELD]))
    def add(self, data, standing):
        thread = data.draw(st.sampled_from(self.threads))
        shown = list(thread.posts.filter(standing=Standing.SHOWN, root=None).order_by("pk"))
        to = data.draw(st.sampled_from([None, *shown]))
        forum.post(thread, self.people[1], standing=standing, to=to)

    @rule(data=st.data(), standing=st.sampled_from(STANDINGS))
    def decide(self, data, standing):
        let_post_stand(str(self.post(data).pk), standing)

    @rule(data=st.data())
    def move(self, data):
        thread = data.draw(st.sampled_from(self.threads))
        place = data.draw(st.sampled_from(self.places))
        move_thread(thread=thread, by=self.town, category=place)

    @invariant()
    def totals_are_what_a_recount_says(self):
        for thread in Thread.objects.filter(pk__in=[thread.pk for thread in self.threads]):
            shown = thread.posts.filter(standing=Standing.SHOWN)
            assert thread.posts_count == shown.count()
            assert thread.last_at == (shown.aggregate(n=Max("shown_at"))["n"] or thread.started_at)
            numbers = thread.posts.filter(number__isnull=False).values_list("number", flat=True)
            assert sorted(numbers) == list(range(1, thread.last_number + 1))
            assert thread.standing == thread.posts.get(first=True).standing

    @invariant()
    def whoever_heard_every_fact_knows_which_posts_are_shown(self):
        for thread in self.threads:
            known = {}
            for kind, data in told(thread):
                if kind.startswith("post."):
                    known[data["post"]] = kind in ("post.added", "post.restored")
            shown = set(thread.posts.filter(standing=Standing.SHOWN).values_list("pk", flat=True))
            assert {key for key, is_shown in known.items() if is_shown} == shown


def test_running_totals_and_facts_hold_in_every_order():
    run_state_machine_as_test(
        Forum, settings=settings(max_examples=15, stateful_step_count=12, deadline=None)
    )
