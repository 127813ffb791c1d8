"""Drafts: kept for their owner alone, one for each place, thrown away or used up."""

import pytest

from engage.domain.errors import DomainError
from forums.models import Draft
from forums.services import drafting
from forums.services.drafting import keep_draft, throw_away_draft
from forums.services.writing import post_reply
from tests.forums import forum

pytestmark = pytest.mark.django_db


def test_the_last_words_at_a_place_are_kept():
    person = forum.person()
    for text in ("One", "One two", "One two"):
        kept = keep_draft(person=person, place="thread.7", title="", text=text)
    assert (kept.text, Draft.objects.count()) == ("One two", 1)
    keep_draft(person=person, place="category.3", title="Trees", text="")
    assert Draft.objects.count() == 2
    assert keep_draft(person=person, place="thread.7", title=" ", text="\n") is None
    assert [draft.place for draft in Draft.objects.all()] == ["category.3"]


@pytest.mark.adversary("D8")
def test_nobody_reaches_the_draft_of_somebody_else():
    owner, other = forum.person(), forum.person()
    keep_draft(person=owner, place="thread.7", title="", text="Mine")
    keep_draft(person=other, place="thread.7", title="", text="Other")
    throw_away_draft(person=other, place="thread.7")
    throw_away_draft(person=other, place="thread.7")
    assert [(draft.person, draft.text) for draft in Draft.objects.all()] == [(owner, "Mine")]


@pytest.mark.parametrize(
    "place",
    ["", "thread", "thread.", "thread.0", "thread.x", "thread.-1", "thread.01", "poll.7",
     "thread.7\n", "thread.1234567890123456789", "thread.７", "Thread.7"],
)  # fmt: skip
def test_what_is_no_place_keeps_nothing(place):
    with pytest.raises(DomainError) as error:
        keep_draft(person=forum.person(), place=place, title="", text="Words")
    assert error.value.code == "draft.not-found"


def test_too_long_and_unwritable_words_are_kept_as_far_as_they_can_be():
    person = forum.person()
    kept = keep_draft(
        person=person, place="thread.7", title="t" * 200, text="a\x00b\ud800" + "x" * 30_000
    )
    kept.refresh_from_db()
    assert (len(kept.title), len(kept.text)) == (120, 20_000)
    assert kept.text.startswith("abx")


def test_there_is_an_end_to_how_many_are_kept(monkeypatch):
    monkeypatch.setattr(drafting, "MOST", 2)
    person = forum.person()
    for number in (1, 2):
        keep_draft(person=person, place=f"thread.{number}", title="", text="Words")
    with pytest.raises(DomainError) as error:
        keep_draft(person=person, place="thread.3", title="", text="Words")
    assert error.value.code == "draft.conflict"
    keep_draft(person=person, place="thread.2", title="", text="Other words")
    keep_draft(person=forum.person(), place="thread.3", title="", text="Words")


def test_what_is_written_at_one_place_of_a_thread_outlives_what_is_sent_at_another():
    thread, person = forum.thread(), forum.person()
    post = forum.post(thread)
    places = (f"thread.{thread.pk}", f"reply.{post.pk}")
    for place in places:
        keep_draft(person=person, place=place, title="", text=f"At {place}")
    post_reply(thread=thread, author=person, text="Just an answer", to=post)
    assert [draft.place for draft in Draft.objects.all()] == [places[0]]
    post_reply(thread=thread, author=person, text="And to the thread")
    assert not Draft.objects.exists()
