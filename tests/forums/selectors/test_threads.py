"""The front, a category and a thread: in the right order, page by page, in a few fixed queries."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.moderation.domain.standing import Standing
from forums.domain.cursors import Place
from forums.models import Category, Post, Thread
from forums.selectors.threads import (
    category_threads,
    forum_front,
    post_numbered,
    post_place,
    thread_posts,
)
from forums.services.showing import let_post_stand
from tests.forums import forum

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.mark.parametrize("number", [1, 3])
def test_the_front_takes_two_queries(number, django_assert_num_queries):
    for _ in range(number):
        place = forum.category()
        forum.thread(place, standing=Standing.HIDDEN)
        last = [forum.thread(place) for _ in range(number)][-1]
    with django_assert_num_queries(2):
        front = forum_front(STRANGER)
        assert [each.category.area for each in front] == [None] * number
        assert [each.threads for each in front] == [number] * number
    assert front[-1].latest == last


def test_an_empty_category_is_on_the_front_and_a_secret_one_is_not():
    place = forum.category()
    forum.thread(forum.category(readers=Category.Readers.STAFF))
    assert [(each.category, each.threads, each.latest) for each in forum_front(STRANGER)] == [
        (place, 0, None)
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_a_category_takes_one_query(number, django_assert_num_queries):
    place = forum.category()
    threads = [forum.thread(place) for _ in range(number)]
    with django_assert_num_queries(1):
        page = category_threads(STRANGER, place)
        assert [(t.author.pk, t.category) for t in page.threads] == [
            (t.author_id, place) for t in threads[::-1]
        ]
    assert page.next == ""


def test_threads_are_paged_pinned_first_and_none_twice():
    place, now = forum.category(), timezone.now()
    for i in range(11):
        thread = forum.thread(place, pinned=i % 4 == 0)
        last_at = now - timedelta(minutes=i % 3)  # several wrote at the same moment
        Thread.objects.filter(pk=thread.pk).update(last_at=last_at)
    forum.thread(place, standing=Standing.REMOVED)
    whole = category_threads(STRANGER, place).threads
    keys = [(thread.pinned, thread.last_at, thread.pk) for thread in whole]
    assert keys == sorted(keys, reverse=True)
    for limit in (1, 2, 3, 11):
        found, after = [], ""
        while True:
            page = category_threads(STRANGER, place, after, limit)
            found += page.threads
            assert len(page.threads) <= limit
            if not (after := page.next):
                break
        assert found == whole


@pytest.mark.adversary("D7", "E8")
@pytest.mark.parametrize("after", ["x", "2.1.1", "1.1", "0." + "9" * 18 + ".1", "' OR 1=1--"])
def test_a_bad_place_in_a_list_is_refused(after):
    with pytest.raises(ValueError, match="No"):
        category_threads(STRANGER, forum.category(), after)


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_posts_takes_two_queries_and_backwards_three(number, django_assert_num_queries):
    thread = forum.thread()
    for _ in range(number - 1):
        root = forum.post(thread)
        forum.post(thread, to=root, quotes=root)
    asked = [({}, 2), ({"after": "1.1"}, 1 + (number > 1)), ({"before": "9.9"}, 3)]
    for place, queries in asked:
        with django_assert_num_queries(queries):
            for post in thread_posts(thread, **place).posts:
                assert post.author.pk
                assert post.quotes is None or post.quotes.number
                assert not post.pictures.all()


def in_order(thread):
    numbered = Post.objects.filter(thread=thread, number__isnull=False)
    return list(numbered.order_by("root_number", "number"))


@settings(max_examples=25)
@given(data=st.data(), limit=st.integers(1, 6))
def test_pages_forwards_and_backwards_are_the_whole_thread(data, limit):
    thread = forum.thread()
    roots = [forum.first(thread)]
    for _ in range(data.draw(st.integers(0, 9))):
        to = data.draw(st.sampled_from([None, *roots]))
        post = forum.post(thread, to=to if to != roots[0] else None)
        roots += [] if post.root else [post]
    whole = in_order(thread)
    forwards, after, pages = [], "", []
    while True:
        page = thread_posts(thread, after, limit=limit)
        pages.append(page)
        forwards += page.posts
        if not (after := page.next):
            break
    assert forwards == whole
    assert (pages[0].after, pages[0].previous, pages[-1].until) == (Place(), "", None)
    backwards, before = [], "99999999.99999999"
    while True:
        page = thread_posts(thread, before=before, limit=limit)
        backwards = page.posts + backwards
        assert bool(page.next) == (page.until is not None)
        if not (before := page.previous):
            break
    assert backwards == whole
    assert page.after == Place()
    for post in whole:
        place = post_place(post, limit)
        page = thread_posts(thread, place, limit=limit)
        assert post in page.posts
        inside = [one for one in whole if page.after < Place(one.root_number, one.number)]
        inside = [
            one for one in inside
            if page.until is None or Place(one.root_number, one.number) < page.until
        ]  # fmt: skip
        assert inside == page.posts


def test_a_page_leads_back_to_the_one_before():
    thread = forum.thread()
    forum.many(thread, 9)
    second = thread_posts(thread, thread_posts(thread, limit=4).next, limit=4)
    assert [post.number for post in second.posts] == [5, 6, 7, 8]
    first = thread_posts(thread, before=second.previous, limit=4)
    assert ([post.number for post in first.posts], first.previous) == ([1, 2, 3, 4], "")
    assert [post.number for post in thread_posts(thread, first.next, limit=4).posts] == [5, 6, 7, 8]
    assert first.until == Place(5, 5)


@pytest.mark.adversary("D7", "E8")
@pytest.mark.parametrize("place", ["x", "1", "1.-1", "1.1.1", "99999999999.1", "1.1\x00"])
def test_a_bad_place_in_a_thread_is_refused(place):
    thread = forum.thread()
    for asked in ({"after": place}, {"before": place}):
        with pytest.raises(ValueError, match="Not a place"):
            thread_posts(thread, **asked)


@pytest.mark.adversary("B2")
@pytest.mark.parametrize("standing", set(Standing) - {Standing.SHOWN})
def test_of_what_is_not_shown_only_the_line_is_left(standing):
    thread = forum.thread()
    gone = forum.post(thread, text="Secret words")
    forum.post(thread, to=gone, quotes=gone)
    waiting = forum.post(thread, text="Secret words", standing=Standing.HELD)
    let_post_stand(str(gone.pk), standing)
    page = thread_posts(thread)
    assert gone in page.posts
    assert waiting not in page.posts
    for post in page.posts:
        for one in filter(None, (post, post.quotes)):
            assert "Secret" not in one.text + one.html


def test_a_post_is_found_by_its_number_in_its_thread_alone():
    thread, other = forum.thread(), forum.thread()
    assert post_numbered(thread, 1) == forum.first(thread)
    forum.post(other)
    assert post_numbered(thread, 2) is None
    assert post_numbered(thread, 2**31) is None


@pytest.fixture
def long_thread():
    thread = forum.thread()
    forum.many(thread, 1_999, replies_every=3)
    return thread


def test_a_thread_of_two_thousand_posts_takes_the_same_queries(
    long_thread, django_assert_num_queries
):
    middle = post_numbered(long_thread, 1_234)
    with django_assert_num_queries(2):
        assert len(thread_posts(long_thread).posts) == 50
    with django_assert_num_queries(2):
        place = post_place(middle)
    with django_assert_num_queries(2):
        assert middle in thread_posts(long_thread, place).posts
    with django_assert_num_queries(3):
        last = thread_posts(long_thread, before="99999999.99999999")
    assert (len(last.posts), last.next, last.until) == (50, "", None)


def test_the_database_reads_a_page_by_its_index(long_thread):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE forums_post")
    found = Post.objects.filter(thread=long_thread, number__isnull=False)
    plan = found.order_by("root_number", "number")[:51].explain()
    assert "post_in_reading_order" in plan
    if connection.vendor == "sqlite":
        assert "TEMP B-TREE" not in plan
