"""Following, reading and naming: one's own rows, by one's own hand, and never backwards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from forums.domain.cursors import Place
from forums.models import Follow, Mention, Notice, ReadPlace
from forums.selectors.followed import A_PAGE, followed_threads
from forums.selectors.mentioned import mentions_of, names_beginning, people_named
from forums.selectors.unread import New, read_place, seen_with, unread_counts
from forums.services.editing import edit_post
from forums.services.following import follow_by_taking_part, follow_thread, unfollow_thread
from forums.services.mentioning import name_people
from forums.services.reading import read_up_to
from forums.services.writing import post_reply, start_thread
from tests.forums import forum

pytestmark = pytest.mark.django_db


def test_following_twice_is_once_and_the_last_pace_counts():
    thread, person = forum.thread(), forum.person()
    for pace in ("daily", "weekly", "weekly"):
        follow_thread(thread=thread, person=person, pace=pace)
    assert [*Follow.objects.values_list("person", "pace")] == [(person.pk, "weekly")]
    unfollow_thread(thread=thread, person=person)
    unfollow_thread(thread=thread, person=person)
    assert not Follow.objects.exists()


def test_taking_part_follows_once_a_day_unless_something_else_was_chosen():
    place, (asker, other) = forum.category(), (forum.person(), forum.person())
    thread = start_thread(category=place, author=asker, title="Benches", text="More.").thread
    post_reply(thread=thread, author=other, text="Yes.")
    assert {*Follow.objects.values_list("person", "pace")} == {
        (asker.pk, "daily"), (other.pk, "daily"),
    }  # fmt: skip
    follow_thread(thread=thread, person=other, pace="silent")
    post_reply(thread=thread, author=other, text="Once more.")
    follow_by_taking_part(thread=thread, person=other)
    assert Follow.objects.get(person=other).pace == "silent"


@pytest.mark.parametrize("pace", ["", "hourly", "now\x00", "NOW"])
def test_a_pace_that_is_none_is_refused(pace):
    with pytest.raises(DomainError) as refusal:
        follow_thread(thread=forum.thread(), person=forum.person(), pace=pace)
    assert refusal.value.code == "pace.not-found"
    assert not Follow.objects.exists()


@pytest.mark.adversary("D2")
@pytest.mark.parametrize("how", ["category", *[s for s in Standing if s != Standing.SHOWN]])
def test_what_one_may_not_read_one_cannot_follow(how):
    staff_only = how == "category"
    thread = forum.thread(
        forum.category(readers="staff" if staff_only else "everyone"),
        standing=Standing.SHOWN if staff_only else how,
    )
    with pytest.raises(DomainError) as refusal:
        follow_thread(thread=thread, person=forum.person(), pace="now")
    assert refusal.value.code == "thread.not-found"


def test_what_is_followed_is_listed_with_what_is_new_in_two_queries(django_assert_num_queries):
    person, threads = forum.person(), [forum.thread() for _ in range(3)]
    follow_thread(thread=threads[0], person=person, pace="daily")
    for thread in threads:
        read_up_to(thread=thread, person=person, number=1)
    forum.many(threads[0], 3)
    assert person.roles == []  # read once a request, whoever asks
    with django_assert_num_queries(2):
        (row,) = followed_threads(person).rows
        str(row.follow.thread.category)
    assert row.new == New(3, 2)
    for thread in threads[1:]:
        follow_thread(thread=thread, person=person, pace="daily")
    with django_assert_num_queries(2):
        rows = followed_threads(person).rows
    assert [row.follow.thread for row in rows] == threads[::-1]
    threads[2].category.readers = "staff"
    threads[2].category.save()
    assert len(followed_threads(person).rows) == 2


def test_many_that_are_followed_come_in_pages_each_once():
    person, place = forum.person(), forum.category()
    threads = [forum.thread(place) for _ in range(A_PAGE + 2)]
    Follow.objects.bulk_create([Follow(person=person, thread=each) for each in threads])
    first = followed_threads(person)
    second = followed_threads(person, int(first.next))
    shown = [row.follow.thread_id for row in first.rows + second.rows]
    assert shown == [thread.pk for thread in threads[::-1]]
    assert second.next == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(numbers=st.lists(st.integers(-5, 2**63), min_size=1, max_size=6))
def test_a_place_never_goes_back_nor_beyond_the_end(db, numbers):
    thread, person = forum.thread(), forum.person()
    forum.many(thread, 9)
    known = 0
    for number in numbers:
        read_up_to(thread=thread, person=person, number=number)
        known = max(known, min(number, 10))
        assert read_place(person, thread) == max(known, 0)


def test_reading_again_what_was_read_writes_nothing():
    thread, person = forum.thread(), forum.person()
    read_up_to(thread=thread, person=person, number=1)
    with CaptureQueriesContext(connection) as asked:
        read_up_to(thread=thread, person=person, number=1)
    assert not [q for q in asked if q["sql"].startswith(("UPDATE", "INSERT"))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A3")
def test_at_once_the_highest_place_is_kept(at_once):
    thread, person = forum.thread(), forum.person()
    forum.many(thread, 40)
    answers = at_once(
        lambda i: read_up_to(thread=thread, person=person, number=(i * 7) % 41 + 1), 41
    )
    assert answers == [None] * 41
    assert ReadPlace.objects.get().number == 41


def test_only_what_is_shown_by_others_and_later_is_new():
    person = forum.person()
    thread, never = forum.thread(), forum.thread()
    read_up_to(thread=thread, person=person, number=1)
    forum.post(thread, standing=Standing.HIDDEN)
    forum.post(thread, person)
    seen = forum.post(thread)
    assert unread_counts(person, [thread, never]) == {thread.pk: New(1, seen.number)}
    thread.refresh_from_db()
    read_up_to(thread=thread, person=person, number=seen.number)
    assert unread_counts(person, [thread, never]) == {}


def test_a_page_counts_as_read_as_far_as_nothing_is_missing(django_assert_num_queries):
    person, thread = forum.person(), forum.thread()
    forum.many(thread, 8)  # 2 … 9
    root = thread.posts.get(number=2)
    late = forum.post(thread, to=root)  # 10 stands under 2
    assert late.number == 10
    thread.refresh_from_db()
    with django_assert_num_queries(2):
        assert seen_with(person, thread, Place(), Place(4, 4)) == 3
    read_up_to(thread=thread, person=person, number=3)
    assert seen_with(person, thread, Place(3, 3), Place(7, 7)) == 6
    read_up_to(thread=thread, person=person, number=6)
    assert seen_with(person, thread, Place(6, 6), None) == 9  # the tenth is on the first page
    read_up_to(thread=thread, person=person, number=9)
    assert seen_with(person, thread, Place(), Place(4, 4)) == 10


def people(thread, *names):
    """Those who have written in the thread, by these names."""
    found = [forum.person(display_name=name) for name in names]
    for each in found:
        forum.post(thread, each)
    return found


def test_only_who_takes_part_can_be_named_and_only_if_it_is_certain():
    thread, by = forum.thread(), forum.person(display_name="By Self")
    forum.person(display_name="Else Where")
    ann, _one, _two, gone = people(thread, "Ann Lee", "Bob", "Воb", "Gone Away")
    hidden = forum.person(display_name="Held Back")
    forum.post(thread, hidden, standing=Standing.HELD)
    gone.is_active = False
    gone.save()
    text = "@Ann Lee @Bob @Else Where @Gone Away @Held Back @By Self @ann lee"
    assert people_named(thread, text, by) == [ann]
    assert people_named(thread, "@Ann Lee", ann) == []


def test_a_text_that_names_nobody_costs_nothing(django_assert_num_queries):
    thread, by = forum.thread(), forum.person()
    with django_assert_num_queries(0):
        assert people_named(thread, "a" * 20_000, by) == []
    with django_assert_num_queries(1):
        assert people_named(thread, "@nobody", by) == []


def test_who_is_named_is_kept_by_person_and_goes_when_the_text_changes():
    thread, by = forum.thread(), forum.person()
    ann, bob = people(thread, "Ann", "Bob")
    post = post_reply(thread=thread, author=by, text="Dear @Ann and @Bob!")
    assert {*Mention.objects.values_list("person", flat=True)} == {ann.pk, bob.pk}
    assert "<strong>@Ann</strong>" in post.html
    ann.display_name = "Someone Else"
    ann.save()
    assert [mention.post for mention in mentions_of(ann)] == [post]
    edit_post(post=post, by=by, text="Dear @Bob!")
    assert {*Mention.objects.values_list("person", flat=True)} == {bob.pk}
    name_people(post=post, people=[bob])
    assert Mention.objects.count() == 1
    assert not Notice.objects.exists()


@pytest.mark.adversary("D6")
def test_a_mention_that_is_not_shown_is_on_no_page():
    thread = forum.thread()
    (ann,) = people(thread, "Ann")
    post = post_reply(thread=thread, author=forum.person(), text="@Ann")
    assert [mention.post for mention in mentions_of(ann)] == [post]
    type(post).objects.filter(pk=post.pk).update(standing=Standing.HIDDEN)
    assert mentions_of(ann) == []


def test_names_are_offered_by_any_of_their_words_eight_at_most():
    thread, by = forum.thread(), forum.person(display_name="Anna Self")
    people(thread, "Zoë Anders", "Ann Lee", "Bob", "Jürgen")
    forum.post(thread, by)
    assert names_beginning(thread, "an", by) == ["Ann Lee", "Zoë Anders"]
    assert names_beginning(thread, "zoe", by) == ["Zoë Anders"]
    assert names_beginning(thread, "jur", by) == ["Jürgen"]
    assert names_beginning(thread, "ann l", by) == ["Ann Lee"]
    people(thread, *[f"Person {letter * 3}" for letter in "abcdefghij"])
    assert len(names_beginning(thread, "", by)) == 8
