"""What is told of a thread holds no word of anybody, and nothing of what is not shown."""

import re

import pytest

from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from forums.models import Category, Draft
from forums.services.drafting import keep_draft
from forums.services.editing import edit_post
from forums.services.reacting import react
from forums.services.showing import let_post_stand
from forums.services.tending import lock_thread, mark_duplicate, move_thread, pin_thread
from forums.services.writing import answer_officially, post_reply, start_thread
from forums.tick import count_reactions
from tests.forums import forum
from tests.voting.areas import HERE, staff

pytestmark = pytest.mark.django_db
PLAIN = re.compile(r"[0-9]+(\.[0-9]+)*")


@pytest.mark.adversary("B2")
def test_facts_hold_keys_and_numbers_alone():
    author, by = forum.person(display_name="Ann Lee"), staff("organiser", None)
    first = start_thread(
        category=forum.category(HERE), author=author, title="Secret title", text="Secret text"
    )
    thread = first.thread
    post = post_reply(thread=thread, author=author, text="More secrets")
    edit_post(post=post, by=author, text="Other secrets")
    react(post=post, person=by, kind="agree", on=True)
    count_reactions()
    answer_officially(thread=thread, by=by, text="Official secrets", office="Secret office")
    pin_thread(thread=thread, by=by, pinned=True)
    mark_duplicate(thread=thread, by=by, of=forum.thread(title="Secret other"))
    move_thread(thread=thread, by=by, category=forum.category(HERE))
    lock_thread(thread=thread, by=by, locked=True)
    for standing in Standing:
        let_post_stand(str(post.pk), standing)
    told = Entry.objects.filter(topic__startswith="thread.")
    assert {entry.kind for entry in told} == {
        "post.added", "post.edited", "post.hidden", "post.removed", "post.restored",
        "posts.reacted", "thread.changed",
    }  # fmt: skip
    for entry in told:
        assert PLAIN.fullmatch(entry.topic.removeprefix("thread."))
        assert set(entry.data) <= {"post", "number", "posts"}
        assert all(PLAIN.fullmatch(str(value)) for value in entry.data.values())
    everything = str(list(Entry.objects.values()))
    for word in ("ecret", "Ann", str(author.pk), str(by.pk)):
        assert word not in everything


@pytest.mark.adversary("B2")
def test_of_what_nobody_may_see_yet_nothing_is_told():
    place, author = forum.category(look=Category.Look.BEFORE), forum.person()
    waiting = start_thread(category=place, author=author, title="Not yet", text="Not yet")
    in_public = post_reply(thread=forum.thread(place), author=author, text="Not yet")
    assert (waiting.standing, in_public.standing) == (Standing.HELD, Standing.HELD)
    keep_draft(person=author, place=f"category.{place.pk}", title="Not yet", text="Not yet")
    assert Draft.objects.count() == 1
    topics = Entry.objects.filter(topic__startswith="thread.")
    assert not topics.filter(topic=str(waiting.thread.topic)).exists()
    assert [entry.data.get("number") for entry in topics] == [1]
