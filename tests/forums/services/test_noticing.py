"""Followers hear of each post once: together, at their pace, only of what they may read then."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.db.utils import DatabaseError
from django.utils import timezone

from engage.identity.mail import unsubscribe_address
from engage.identity.models import OptOut
from engage.moderation.domain.standing import Standing
from forums import mails
from forums.models import Category, Follow, Mention, Notice, Post, Thread
from forums.services import noticing
from forums.services.editing import edit_post
from forums.services.following import follow_by_taking_part, follow_thread, unfollow_thread
from forums.services.noticing import note_new_posts, note_next, tell_due
from forums.services.reading import read_up_to
from forums.services.showing import let_post_stand
from forums.tick import tell_followers
from tests.forums import forum
from tests.forums.payloads import everything

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_WEEK = timedelta(days=8)


def followed(*paces, **fields):
    """A thread of which everybody was told, and one who follows it for each pace."""
    thread = forum.thread(**fields)
    note_new_posts()
    people = [forum.person() for _ in paces]
    for person, pace in zip(people, paces, strict=True):
        follow_thread(thread=thread, person=person, pace=pace)
    return (thread, *people)


def send(after=NEXT_WEEK):
    """Tell everybody of all that is due by then."""
    while tell_due(send=mails.send_digest, now=timezone.now() + after):
        pass
    return mail.outbox


def told():
    return Counter(address for message in mail.outbox for address in message.to)


@pytest.mark.parametrize(
    ("pace", "after", "number"),
    [
        ("now", timedelta(seconds=20), 0), ("now", timedelta(minutes=1), 1),
        ("daily", timedelta(minutes=1), None), ("daily", timedelta(days=1, hours=2), 1),
        ("weekly", timedelta(minutes=1), None), ("weekly", NEXT_WEEK, 1), ("silent", NEXT_WEEK, 0),
    ],
)  # fmt: skip
def test_everybody_hears_at_their_pace(pace, after, number):
    thread, person = followed(pace)
    forum.post(thread)
    note_new_posts()
    if number is None:  # unless it is seven o'clock this minute
        due = Notice.objects.get(person=person).due_at
        number = int(due <= timezone.now() + after)
    send(after)
    assert told()[person.email] == number


def test_one_mail_has_all_that_is_new_by_thread_and_nothing_comes_twice():
    thread, person = followed("now", title="The river")
    other = forum.thread(title="The castle")
    note_new_posts()
    follow_thread(thread=other, person=person, pace="weekly")
    for text in ("First words.", "Second words."):
        forum.post(thread, text=text)
    forum.post(other, text="Third words.")
    tell_followers()
    assert not mail.outbox
    (message,) = send()
    assert message.to == [person.email]
    for text in ("First words.", "Second words.", "Third words.", "The river", "The castle"):
        assert message.body.count(text) == 1
    assert message.body.index("First") < message.body.index("Second") < message.body.index("castle")
    assert "3 new posts in 2 threads" in message.subject
    send()
    tell_followers()
    assert len(mail.outbox) == 1


def test_the_author_hears_nothing_and_nobody_of_what_was_before():
    thread, person = followed("now")
    follow_by_taking_part(thread=thread, person=person)
    forum.post(thread, person)
    late = forum.person()
    follow_thread(thread=thread, person=late, pace="now")
    tell_followers()
    send()
    assert told() == Counter()


def test_who_is_named_or_answered_hears_once_and_why():
    thread, follower = followed("now")
    asker, other = forum.person(), forum.person()
    root = forum.post(thread, asker)
    note_new_posts()
    post = forum.post(thread, other, to=root, text="@Follower, look")
    Mention.objects.create(post=post, person=follower)
    note_new_posts()
    why = dict(Notice.objects.filter(post=post).values_list("person", "why"))
    assert why == {follower.pk: "mentioned"}  # the other one does not follow
    follow_thread(thread=thread, person=asker, pace="daily")
    forum.post(thread, other, to=root)
    note_new_posts()
    assert Notice.objects.get(person=asker).why == "answered"
    follow_thread(thread=thread, person=asker, pace="silent")
    send()
    assert told() == Counter([follower.email])
    assert "Somebody named you" in mail.outbox[-1].body


def test_who_is_named_by_a_change_hears_once_even_of_what_they_had_read():
    ann, bob = forum.person(display_name="Ann Lee"), forum.person(display_name="Bob")
    thread = forum.thread(author=ann)
    forum.post(thread, bob)
    post = forum.post(thread, text="Dear @Bob!")
    note_new_posts()
    assert {notice.person for notice in Notice.objects.all()} == set()
    for text in ("Dear @Bob and @Ann Lee!", "Dear @Bob, dear @Ann Lee!"):
        for person in (ann, bob):
            read_up_to(thread=thread, person=person, number=post.number)
        edit_post(post=post, by=post.author, text=text)
        note_new_posts()
        send()
    assert told() == {ann.email: 1, bob.email: 1}
    assert "named you" in mail.outbox[0].body


@pytest.mark.adversary("B2")
def test_a_change_that_waits_for_a_moderator_names_nobody_yet():
    thread = forum.thread(place=forum.category(look=Category.Look.BEFORE))
    named = forum.post(thread, forum.person(display_name="Ann Lee")).author
    post = forum.post(thread)
    note_new_posts()
    edit_post(post=post, by=post.author, text="Dear @Ann Lee!")
    assert not Notice.objects.filter(person=named).exists()
    assert not send()


def test_an_official_answer_says_so():
    thread, person = followed("now")
    forum.post(thread, office="Parks and trees")
    note_new_posts()
    assert Notice.objects.get(person=person).why == "official"
    (message,) = send()
    assert "Parks and trees" in message.body
    assert "The town answered" in message.body


def test_a_post_that_was_held_is_told_of_when_it_is_shown():
    thread, person = followed("now")
    held = forum.post(thread, standing=Standing.HELD)
    note_new_posts()
    assert not Notice.objects.exists()
    let_post_stand(str(held.pk), Standing.SHOWN)
    note_new_posts()
    let_post_stand(str(held.pk), Standing.HIDDEN)
    let_post_stand(str(held.pk), Standing.SHOWN)
    note_new_posts()
    send()
    assert told() == Counter([person.email])


@pytest.mark.adversary("D6")
@pytest.mark.parametrize("standing", [s for s in Standing if s != Standing.SHOWN])
def test_what_is_hidden_before_the_mail_is_in_no_mail(standing):
    thread, person = followed("now")
    secret = forum.post(thread, text="A secret.")
    forum.post(thread, text="Another word.")
    note_new_posts()
    let_post_stand(str(secret.pk), standing)
    (message,) = send()
    assert "secret" not in message.body + str(message.alternatives)
    assert "Another word." in message.body
    let_post_stand(str(secret.pk), Standing.SHOWN)
    send()
    assert told() == Counter([person.email])  # what was passed by stays so


@pytest.mark.adversary("D5")
def test_who_may_not_read_it_any_more_when_the_mail_is_due_hears_nothing():
    thread, person = followed("now")
    forum.post(thread, text="A secret.")
    note_new_posts()
    Category.objects.update(readers="staff")
    assert not send()
    forum.post(thread)
    note_new_posts()
    assert not send()
    assert not Notice.objects.filter(person=person, told_at=None).exists()


@pytest.mark.adversary("D5")
@pytest.mark.parametrize("end", ["opted-out", "barred", "silent", "unfollowed", "read"])
def test_whoever_wants_or_needs_no_mail_by_then_gets_none(end):
    thread, person = followed("now")
    post = forum.post(thread)
    note_new_posts()
    if end == "opted-out":
        OptOut.objects.create(person=person, about="forum")
    elif end == "barred":
        person.is_active = False
        person.save()
    elif end == "silent":
        follow_thread(thread=thread, person=person, pace="silent")
    elif end == "unfollowed":
        unfollow_thread(thread=thread, person=person)
    else:
        thread.refresh_from_db()
        read_up_to(thread=thread, person=person, number=post.number)
    assert not send()
    note_new_posts()
    assert not send()


def test_another_pace_holds_for_what_waits_too():
    thread, person = followed("weekly")
    forum.post(thread)
    note_new_posts()
    follow_thread(thread=thread, person=person, pace="now")
    assert len(send(timedelta(minutes=1))) == 1


def test_thousands_of_followers_are_noted_in_pieces(monkeypatch):
    monkeypatch.setattr(noticing, "AT_ONCE", 4)
    sizes, note = [], noticing._note
    monkeypatch.setattr(noticing, "_note", lambda rows: (sizes.append(len(rows)), note(rows)))
    thread, *_people = followed(*["daily"] * 10, "silent")
    forum.post(thread)
    assert note_next(thread=thread.pk)
    assert not note_next(thread=thread.pk)
    assert sizes == [4, 4, 2]
    assert Notice.objects.count() == 10
    assert not Thread.objects.filter(told_number__lt=F("last_number")).exists()


def test_killed_anywhere_nobody_is_noted_or_told_twice(monkeypatch):
    thread, *_people = followed(*["now"] * 5)
    for _ in range(3):
        forum.post(thread)

    class Killed(BaseException):
        pass

    calls, note = iter(range(1, 100)), noticing._note

    def dies_now_and_then(rows):
        if next(calls) % 3 == 2:
            raise Killed
        note(rows)

    monkeypatch.setattr(noticing, "AT_ONCE", 2)
    monkeypatch.setattr(noticing, "_note", dies_now_and_then)
    for _ in range(20):
        try:
            note_new_posts()
        except Killed:
            continue
    assert Notice.objects.count() == 15
    sent = []

    def dies_with_the_mail(message):
        sent.append(message)
        if len(sent) == 2:
            raise Killed
        message.send()

    with monkeypatch.context() as patch:
        patch.setattr("engage.identity.mail.deliver", dies_with_the_mail)
        with pytest.raises(Killed):
            send()
    send()
    assert max(told().values()) == 1
    assert sum(told().values()) == 4  # the one that was about to leave is lost


def test_a_mail_that_cannot_be_made_is_rolled_back_and_tried_again():
    thread, person = followed("now")
    forum.post(thread)
    note_new_posts()

    def fails(*_):
        raise DatabaseError("away")

    with pytest.raises(DatabaseError):
        tell_due(send=fails, now=timezone.now() + NEXT_WEEK)
    send()
    assert told() == Counter([person.email])


@pytest.mark.adversary("E1")
@pytest.mark.adversary("F8")
def test_whatever_stands_in_a_post_a_title_or_a_name_is_words_in_the_mail():
    thread, _person = followed("now")
    for number, text in enumerate(everything()):
        if number % 25 == 0:
            Thread.objects.filter(pk=thread.pk).update(title=text[:120])
            author = forum.person(display_name=text[:60])
            forum.post(thread, author, text=text)
    note_new_posts()
    for message in send():
        ((html, kind),) = [(part[0], part[1]) for part in message.alternatives]
        assert kind == "text/html"
        lowered = html.lower()
        for bad in ("<script", "<svg", "<img", "<iframe", "<style", "<form", "<input", "<base"):
            assert bad not in lowered
        assert 'href="javascript' not in lowered
        assert "\n" not in message.subject
        message.message()  # headers that break a line are refused here


def test_a_mail_says_how_to_end_it_in_words_and_in_html():
    thread, person = followed("now")
    forum.post(thread, text="See [the polls](/polls/)." + " And so on." * 400)
    forum.post(thread, text="See [the polls](/polls/).")
    note_new_posts()
    (message,) = send()
    stop = unsubscribe_address(person, "forum")
    assert stop in message.body
    assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    html = message.alternatives[0][0]
    assert stop in html
    assert html.count('href="http://127.0.0.1:8000/polls/"') == 1
    assert html.count("And so on.") < 150
    assert "…" in html
    assert "> See [the polls](/polls/)." in message.body


def test_a_round_asks_as_much_for_three_as_for_one(django_assert_max_num_queries):
    thread, *_people = followed("now", "now", "now")
    forum.post(thread)
    with django_assert_max_num_queries(16):
        note_new_posts()
    with django_assert_max_num_queries(3):
        note_new_posts()
        assert not tell_due(send=mails.send_digest)


def test_hundreds_of_posts_are_counted_and_not_quoted():
    thread, _person = followed("daily")
    forum.many(thread, mails.MOST_QUOTED + 7)
    note_new_posts()
    (message,) = send()
    assert "And 7 more posts there." in message.body
    assert message.body.count("> Post ") == mails.MOST_QUOTED
    assert Follow.objects.count() == 1
    assert Post.objects.count() == mails.MOST_QUOTED + 8
