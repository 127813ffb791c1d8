"""Tending threads: by those of the place alone, told once, pointing to the end, moved with both."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item
from forums.models import Category, Thread
from forums.selectors.readable import readable_posts
from forums.services.tending import (
    lock_thread,
    mark_answered,
    mark_duplicate,
    move_thread,
    pin_thread,
    slow_thread,
    turn_thread,
)
from forums.services.writing import start_thread
from tests.forums import forum
from tests.forums.forum import told
from tests.voting.areas import ELSEWHERE, HERE, area, staff

pytestmark = pytest.mark.django_db

SIMPLE = {
    "pin": (lambda thread, by: pin_thread(thread=thread, by=by, pinned=True), "pinned", True),
    "lock": (lambda thread, by: lock_thread(thread=thread, by=by, locked=True), "locked", True),
    "slow": (lambda thread, by: slow_thread(thread=thread, by=by, seconds=60), "slow_s", 60),
    "answered": (
        lambda thread, by: mark_answered(thread=thread, by=by, answered=True), "answered", True,
    ),
    "turn": (
        lambda thread, by: turn_thread(thread=thread, by=by, became="poll.7"), "became", "poll.7",
    ),
}  # fmt: skip


def refused(code, act, *args, **asked):
    with pytest.raises(DomainError) as error:
        act(*args, **asked)
    assert error.value.code == code


@pytest.mark.parametrize("deed", SIMPLE)
@pytest.mark.parametrize("role", ["moderator", "organiser"])
def test_who_tends_the_place_does_it_once_and_readers_are_told(deed, role):
    act, name, value = SIMPLE[deed]
    thread = forum.thread(forum.category(HERE))
    by = staff(role, HERE)
    for _again in range(2):
        assert getattr(act(thread, by), name) == value
        assert told(thread)[1:] == [("thread.changed", {})]
    stored = Thread.objects.get(pk=thread.pk)
    assert (getattr(stored, name), stored.version) == (value, thread.version + 1)


@pytest.mark.adversary("D1")
@pytest.mark.parametrize("deed", SIMPLE)
@pytest.mark.parametrize(
    "who",
    [forum.person, lambda: staff("moderator", ELSEWHERE), lambda: staff("auditor", HERE)],
    ids=["resident", "moderator elsewhere", "auditor"],
)
def test_nobody_else_tends_it(deed, who):
    act, name, value = SIMPLE[deed]
    thread = forum.thread(forum.category(HERE))
    refused("thread.forbidden", act, thread, who())
    assert getattr(Thread.objects.get(pk=thread.pk), name) != value
    hidden = forum.thread(forum.category(HERE), standing=Standing.HIDDEN)
    refused("thread.not-found", act, hidden, who())


def test_whoever_answers_for_the_town_marks_it_answered():
    thread = forum.thread(forum.category(HERE))
    assert mark_answered(thread=thread, by=staff("officer", HERE), answered=True).answered


def test_organisers_do_not_reach_what_moderators_hid():
    thread = forum.thread(forum.category(HERE), standing=Standing.HIDDEN)
    refused(
        "thread.not-found", lock_thread, thread=thread, by=staff("organiser", HERE), locked=True
    )
    assert lock_thread(thread=thread, by=staff("moderator", HERE), locked=True).locked


@pytest.mark.parametrize("seconds", [-1, 86_401])
def test_no_thread_is_slower_than_a_day(seconds):
    refused(
        "thread.incomplete", slow_thread, thread=forum.thread(), by=staff("moderator", None),
        seconds=seconds,
    )  # fmt: skip


def test_duplicates_point_to_the_end():
    place, by = forum.category(), staff("moderator", None)
    a, b, c = (forum.thread(place) for _ in range(3))
    mark_duplicate(thread=a, by=by, of=b)
    mark_duplicate(thread=b, by=by, of=c)
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.duplicate_of, b.duplicate_of) == (c, c)
    assert [kind for kind, _ in told(a)][1:] == ["thread.changed", "thread.changed"]
    d = forum.thread(place)
    assert mark_duplicate(thread=d, by=by, of=a).duplicate_of == c
    refused("thread.conflict", mark_duplicate, thread=c, by=by, of=a)
    refused("thread.conflict", mark_duplicate, thread=c, by=by, of=c)
    assert mark_duplicate(thread=a, by=by, of=None).duplicate_of is None


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_no_chain_and_no_circle_comes_of_any_marks(marks):
    with transaction.atomic():
        place, by = forum.category(), staff("moderator", None)
        threads = [forum.thread(place) for _ in range(5)]
        for one, other in marks:
            try:
                mark_duplicate(thread=threads[one], by=by, of=threads[other])
            except DomainError as error:
                assert error.code == "thread.conflict"
        for thread in Thread.objects.filter(duplicate_of__isnull=False):
            assert thread.duplicate_of.duplicate_of is None
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_that_mark_each_other_at_once_make_no_circle(at_once):
    place, by = forum.category(), staff("moderator", None)
    a, b = forum.thread(place), forum.thread(place)
    pairs = [(a, b), (b, a)] * 4

    def mark(i):
        mark_duplicate(thread=pairs[i][0], by=by, of=pairs[i][1])

    for answer in at_once(mark, 8):
        assert answer is None or getattr(answer, "code", answer) == "thread.conflict"
    assert Thread.objects.filter(duplicate_of__isnull=False).count() == 1


@pytest.mark.adversary("D4")
def test_a_duplicate_only_of_what_all_its_readers_may_read():
    open_to_all = forum.category(HERE)
    signed_in = forum.category(HERE, readers=Category.Readers.ACCOUNT)
    by = staff("moderator", HERE)
    thread, inner = forum.thread(open_to_all), forum.thread(signed_in)
    refused("thread.forbidden", mark_duplicate, thread=thread, by=by, of=inner)
    assert mark_duplicate(thread=inner, by=by, of=thread).duplicate_of == thread
    hidden = forum.thread(open_to_all, standing=Standing.HIDDEN)
    refused("thread.not-found", mark_duplicate, thread=thread, by=by, of=hidden)
    gone = forum.thread(open_to_all)
    Thread.objects.filter(pk=gone.pk).delete()
    refused("thread.not-found", mark_duplicate, thread=thread, by=by, of=gone)


def test_a_moved_thread_takes_its_posts_and_their_place_at_the_desk_along():
    author, by = forum.person(), staff("moderator", None)
    post = start_thread(
        category=forum.category(HERE), author=author, title="Trees", text="Plant trees."
    )
    target = forum.category(ELSEWHERE)
    moved = move_thread(thread=post.thread, by=by, category=target)
    assert moved.category == target
    assert Item.objects.get().area == area(ELSEWHERE)
    assert told(moved)[-1] == ("thread.changed", {})
    version = Thread.objects.get(pk=moved.pk).version
    assert move_thread(thread=post.thread, by=by, category=target).version == version


@pytest.mark.adversary("D4")
@pytest.mark.parametrize(
    ("of", "to", "code"),
    [
        (HERE, ELSEWHERE, "category.not-found"),
        (ELSEWHERE, HERE, "thread.forbidden"),
        (HERE, None, "category.not-found"),
    ],
)
def test_whoever_moves_a_thread_tends_both_places(of, to, code):
    source, target = forum.category(of), forum.category(to)
    thread = forum.thread(source)
    for role in ("moderator", "organiser"):
        refused(code, move_thread, thread=thread, by=staff(role, HERE), category=target)
    assert Thread.objects.get(pk=thread.pk).category == source


@pytest.mark.adversary("D4")
def test_what_only_staff_read_becomes_public_only_by_those_who_tend_both():
    inside = forum.category(HERE, readers=Category.Readers.STAFF)
    outside = forum.category(ELSEWHERE)
    thread, reader = forum.thread(inside), forum.person()
    refused(
        "category.not-found", move_thread, thread=thread, by=staff("moderator", HERE),
        category=outside,
    )  # fmt: skip
    assert not readable_posts(reader).exists()
    move_thread(thread=thread, by=staff("moderator", None), category=outside)
    assert readable_posts(reader).count() == 1


def test_a_roll_back_tells_nothing():
    thread, by = forum.thread(), staff("moderator", None)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pin_thread(thread=thread, by=by, pinned=True)
        raise ZeroDivisionError
    assert len(told(thread)) == 1
