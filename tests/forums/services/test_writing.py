"""Starting threads and answering: who may, where it stands, once for one form, all or nothing."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item, Word
from engage.web.limits import TooMany
from forums.models import Category, Draft, Picture, Post, Thread
from forums.services.drafting import keep_draft
from forums.services.editing import edit_post
from forums.services.showing import let_post_stand
from forums.services.writing import answer_officially, post_reply, start_thread
from tests.forums import forum
from tests.forums.forum import told
from tests.voting.areas import ELSEWHERE, HERE, resident, staff

pytestmark = pytest.mark.django_db


def start(place=None, author=None, title="Benches", text="More of *them*.", **more):
    author, place = author or forum.person(), place or forum.category()
    return start_thread(category=place, author=author, title=title, text=text, **more)


def refused(code, act, *args, **more):
    with pytest.raises(DomainError) as error:
        act(*args, **more)
    assert error.value.code == code
    assert error.value.sentence
    return error.value


def test_a_thread_begins_with_its_first_post():
    author = forum.person()
    post = start(author=author, title=" Benches  by the river ", text="More of *them*.\r\n")
    thread = Thread.objects.get(pk=post.thread_id)
    assert (thread.title, thread.author, thread.standing) == (
        "Benches by the river", author, Standing.SHOWN,
    )  # fmt: skip
    assert (thread.posts_count, thread.last_number, thread.version) == (1, 1, 1)
    assert (post.first, post.number, post.root_number, post.root) == (True, 1, 1, None)
    assert (post.text, post.html) == ("More of *them*.", "<p>More of <em>them</em>.</p>\n")
    assert post.shown_at == post.written_at == thread.last_at
    assert told(thread) == [("post.added", {"post": post.pk, "number": 1})]
    item = Item.objects.get(kind="post", key=str(post.pk))
    assert (item.author, item.standing, item.area) == (author, Standing.SHOWN, None)


def test_answers_stand_under_their_root_and_quote_what_they_answer():
    first = start()
    thread = first.thread
    people = [forum.person() for _ in range(4)]
    root = post_reply(thread=thread, author=people[0], text="One")
    to_the_first = post_reply(thread=thread, author=people[1], text="Two", to=first)
    reply = post_reply(thread=thread, author=people[2], text="Three", to=root)
    beyond = post_reply(thread=thread, author=people[3], text="Four", to=reply)
    assert [(p.number, p.root_number) for p in (root, to_the_first, reply, beyond)] == [
        (2, 2), (3, 3), (4, 2), (5, 2),
    ]  # fmt: skip
    assert (to_the_first.root, to_the_first.quotes) == (None, None)
    assert (reply.root, reply.quotes) == (root, None)
    assert (beyond.root, beyond.quotes) == (root, reply)
    thread.refresh_from_db()
    assert (thread.posts_count, thread.last_number, thread.last_at) == (5, 5, beyond.shown_at)
    assert [data["number"] for _kind, data in told(thread)] == [1, 2, 3, 4, 5]


def test_where_moderators_look_first_nothing_is_shown_counted_or_told():
    place = forum.category(HERE, look=Category.Look.BEFORE)
    post = start(place)
    thread = Thread.objects.get(pk=post.thread_id)
    assert (post.standing, post.number, thread.standing) == (Standing.HELD, None, Standing.HELD)
    assert (thread.posts_count, told(thread)) == (0, [])
    assert Item.objects.get(key=str(post.pk)).queued_at
    refused("thread.not-found", post_reply, thread=thread, author=post.author, text="And me")
    let_post_stand(str(post.pk), Standing.SHOWN)
    thread.refresh_from_db()
    assert (thread.standing, thread.posts_count) == (Standing.SHOWN, 1)
    held = post_reply(thread=thread, author=forum.person(), text="And me")
    assert (held.standing, held.number) == (Standing.HELD, None)
    assert told(thread) == [("post.added", {"post": post.pk, "number": 1})]
    shown = post_reply(thread=thread, author=staff_writer(HERE), text="I look after this place")
    assert (shown.standing, shown.number) == (Standing.SHOWN, 2)
    let_post_stand(str(held.pk), Standing.SHOWN)
    held.refresh_from_db()
    assert held.number == 3


def staff_writer(path):
    return staff("moderator", path)


def test_words_are_replaced_before_the_text_is_stored():
    Word.objects.create(word="blast", action=Word.Action.REPLACE, replacement="[…]")
    post = start(title="A blast", text="What a blast.")
    assert (post.thread.title, post.text) == ("A […]", "What a […].")
    assert "blast" not in post.html


def test_a_word_that_holds_holds_the_thread():
    Word.objects.create(word="blast", action=Word.Action.HOLD)
    post = start(title="A blast")
    assert (post.standing, post.thread.standing) == (Standing.HELD, Standing.HELD)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: (forum.category(closed=True), forum.person()), "category.closed"),
        (lambda: (forum.category(), AnonymousUser()), "post.sign-in"),
        (lambda: (forum.category(), forum.person(confirmed=False)), "post.forbidden"),
        (lambda: (forum.category(level=Level.ADDRESS), forum.person()), "post.forbidden"),
        (
            lambda: (
                forum.category(HERE, level=Level.ADDRESS, only_residents=True),
                resident(ELSEWHERE),
            ),
            "post.forbidden",
        ),
        (
            lambda: (forum.category(readers=Category.Readers.STAFF), forum.person()),
            "category.not-found",
        ),
    ],
)
def test_who_may_not_write_is_told_why_and_the_way_on(make, code):
    place, author = make()
    error = refused(code, start, place, author)
    assert error.next or code == "category.not-found"
    thread = forum.thread(place)
    refused(code, post_reply, thread=thread, author=author, text="Me too")
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("", "Text", "text.empty"),
        (" \u200b ", "Text", "text.empty"),
        ("Title", " \n ", "text.empty"),
        ("Title", "a\x00b", "text.unwritable"),
        ("Title\ud800", "Text", "text.unwritable"),
        ("t" * 121, "Text", "text.too-long"),
        ("Title", "t" * 20_001, "text.too-long"),
    ],
)
def test_what_cannot_be_kept_is_refused(title, text, code):
    refused(code, start, title=title, text=text)
    assert not Thread.objects.exists()


def test_who_answers_for_the_town_is_not_held_to_the_limits_of_a_new_account():
    thread, organiser = forum.thread(forum.category(HERE)), staff("organiser")
    links = " ".join(f"https://town.example/{i}" for i in range(9))
    for number in range(11):
        office = {"office": "Parks office", "text": f"Answer {number}. {links}"}
        answered = answer_officially(thread=thread, by=organiser, **office)
    edited = edit_post(post=answered, by=organiser, text=f"{answered.text} https://town.example/x")
    assert edited.text.endswith("/x")


def test_a_locked_thread_takes_only_official_answers():
    place = forum.category(HERE)
    thread = forum.thread(place, locked=True)
    refused("thread.closed", post_reply, thread=thread, author=forum.person(), text="Still")
    refused("thread.closed", post_reply, thread=thread, author=staff_writer(HERE), text="Still")
    organiser = staff("organiser", HERE)
    post = answer_officially(thread=thread, by=organiser, text="Done.", office="Parks office")
    assert (post.office, post.number, post.standing) == ("Parks office", 2, Standing.SHOWN)


def test_official_answers_do_not_wait_and_closed_places_take_none():
    place = forum.category(HERE, look=Category.Look.BEFORE)
    thread = forum.thread(place)
    organiser = staff("organiser", HERE)
    post = answer_officially(thread=thread, by=organiser, text="Done.", office="Parks office")
    assert post.standing == Standing.SHOWN
    Category.objects.filter(pk=place.pk).update(closed=True)
    refused(
        "category.closed", answer_officially, thread=thread, by=organiser, text="Again.",
        office="Parks office",
    )  # fmt: skip


@pytest.mark.adversary("D1")
@pytest.mark.parametrize(
    "who",
    [forum.person, lambda: staff("moderator", HERE), lambda: staff("organiser", ELSEWHERE)],
    ids=["resident", "moderator", "organiser elsewhere"],
)
def test_only_those_who_speak_for_the_town_answer_officially(who):
    thread = forum.thread(forum.category(HERE))
    refused("post.forbidden", answer_officially, thread=thread, by=who(), text="Yes", office="Town")
    assert not Post.objects.exclude(office="").exists()


@pytest.mark.adversary("D2")
def test_answers_only_to_what_is_shown_in_the_same_thread():
    thread, other = forum.thread(), forum.thread()
    author = forum.person()
    elsewhere = forum.post(other)
    refused("post.not-found", post_reply, thread=thread, author=author, text="Hm", to=elsewhere)
    for standing in set(Standing) - {Standing.SHOWN}:
        gone = forum.post(thread, standing=standing)
        refused("post.not-found", post_reply, thread=thread, author=author, text="Hm", to=gone)
    hidden = forum.thread(standing=Standing.HIDDEN)
    refused("thread.not-found", post_reply, thread=hidden, author=author, text="Hm")
    secret = forum.thread(forum.category(readers=Category.Readers.STAFF))
    refused("category.not-found", post_reply, thread=secret, author=author, text="Hm")


def test_a_form_sent_twice_makes_one_post():
    author, attempt = forum.person(), uuid.uuid4()
    once = start(author=author, attempt=attempt)
    again = start(author=author, attempt=attempt)
    assert once == again
    assert Thread.objects.count() == 1
    attempt = uuid.uuid4()
    sent = [
        post_reply(thread=once.thread, author=author, text="Yes", attempt=attempt) for _ in range(3)
    ]
    assert len(set(sent)) == 1
    assert Entry.objects.filter(kind="post.added").count() == 2


@pytest.mark.adversary("D8")
def test_nobody_gets_a_post_by_the_form_of_somebody_else():
    attempt = uuid.uuid4()
    start(attempt=attempt, text="Mine")
    refused("post.conflict", start, attempt=attempt, text="Yours")


@pytest.mark.adversary("A1", "A3")
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_post(at_once):
    author, attempt = forum.person(), uuid.uuid4()
    thread = forum.thread()
    found = at_once(
        lambda _i: post_reply(thread=thread, author=author, text="Yes", attempt=attempt).pk, 20
    )
    assert len(set(found)) == 1, found
    assert thread.posts.count() == 2
    thread.refresh_from_db()
    assert (thread.posts_count, thread.last_number) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_many_at_once_have_no_gaps(at_once):
    thread = forum.thread()
    people = [forum.person() for _ in range(12)]
    found = at_once(
        lambda i: post_reply(thread=thread, author=people[i], text=f"Words {i}").number, 12
    )
    assert sorted(found) == list(range(2, 14)), found
    assert [data["number"] for _kind, data in told(thread)] == list(range(1, 14))


def test_slow_mode_lets_time_pass_between_two_posts_of_a_person():
    thread = forum.thread(forum.category(HERE), slow_s=600)
    author = forum.person()
    post = post_reply(thread=thread, author=author, text="One")
    with pytest.raises(TooMany) as error:
        post_reply(thread=thread, author=author, text="Two")
    assert 590 <= error.value.seconds <= 600
    post_reply(thread=thread, author=forum.person(), text="I am somebody else")
    tending = staff_writer(HERE)
    post_reply(thread=thread, author=tending, text="Slowly")
    post_reply(thread=thread, author=tending, text="please")
    Post.objects.filter(pk=post.pk).update(written_at=timezone.now() - timezone.timedelta(hours=1))
    post_reply(thread=thread, author=author, text="Two")


def test_what_was_sent_is_no_draft_any_more():
    author, place = forum.person(), forum.category()
    keep_draft(person=author, place=f"category.{place.pk}", title="B", text="Words")
    post = start(place, author)
    root = post_reply(thread=post.thread, author=forum.person(), text="Root")
    for kept in (f"thread.{post.thread_id}", f"reply.{root.pk}", "thread.4711"):
        keep_draft(person=author, place=kept, title="", text="Words")
    other = keep_draft(person=root.author, place=f"reply.{root.pk}", title="", text="Not yours")
    post_reply(thread=post.thread, author=author, text="Words", to=root)
    assert {draft.place for draft in Draft.objects.filter(person=author)} == {
        f"thread.{post.thread_id}", "thread.4711",
    }  # fmt: skip
    assert Draft.objects.filter(pk=other.pk).exists()


def picture(by, **more):
    return Picture.objects.create(
        by=by, alt="A bench", kind="png", width=1, height=1, content=b"x", **more
    )


@pytest.mark.adversary("D2")
def test_own_pictures_come_along_and_nobody_elses():
    author = forum.person()
    mine = [picture(author), picture(author)]
    post = start(author=author, pictures=[mine[1].pk, mine[0].pk])
    assert list(post.pictures.all()) == [mine[1], mine[0]]
    assert Item.objects.get(key=str(post.pk)).pictures == 2
    for theirs in (picture(forum.person()).pk, mine[0].pk, uuid.uuid4()):
        refused("picture.not-found", start, author=author, pictures=[theirs])
    assert Thread.objects.count() == 1


def test_names_of_those_who_take_part_are_mentions():
    ann = forum.person(display_name="Ann Lee")
    first = start(author=ann)
    post = post_reply(thread=first.thread, author=forum.person(), text="@Ann Lee is right")
    assert [mention.person for mention in post.mentions.all()] == [ann]
    assert "<strong>@Ann Lee</strong>" in post.html


def test_a_roll_back_leaves_and_tells_nothing():
    place, author = forum.category(), forum.person()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        start(place, author)
        raise ZeroDivisionError
    assert not (Thread.objects.exists() or Item.objects.exists() or Entry.objects.exists())
