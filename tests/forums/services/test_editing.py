"""Changing a post: by its author alone; what it said stays, the desk looks at what it says now."""

import pytest
from django.db import transaction

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item, Word
from forums.domain.changes import Side
from forums.models import Category, Draft, Post, Revision
from forums.selectors.histories import post_history
from forums.services.drafting import keep_draft
from forums.services.editing import edit_post
from forums.services.showing import let_post_stand
from forums.services.writing import post_reply, start_thread
from tests.forums import forum
from tests.forums.forum import told
from tests.voting.areas import HERE, staff

pytestmark = pytest.mark.django_db


def written(place=None, text="Plant trees."):
    return start_thread(
        category=place or forum.category(), author=forum.person(), title="Trees", text=text
    )


def refused(code, **asked):
    with pytest.raises(DomainError) as error:
        edit_post(**asked)
    assert error.value.code == code


def test_what_it_said_is_kept_and_readers_are_told():
    post = written()
    edited = edit_post(post=post, by=post.author, text="Plant *many* trees.")
    assert (edited.text, edited.html) == (
        "Plant *many* trees.", "<p>Plant <em>many</em> trees.</p>\n",
    )  # fmt: skip
    assert edited.edited_at
    assert [(r.text, r.by, r.shown) for r in edited.revisions.all()] == [
        ("Plant trees.", post.author, True)
    ]
    assert told(post.thread) == [
        ("post.added", {"post": post.pk, "number": 1}),
        ("post.edited", {"post": post.pk}),
    ]
    edited.thread.refresh_from_db()
    assert (edited.thread.posts_count, edited.thread.version) == (1, 2)


def test_the_same_text_is_no_change():
    post = written()
    edit_post(post=post, by=post.author, text="Plant trees. \r\n\r\n")
    assert not Revision.objects.exists()
    assert len(told(post.thread)) == 1


@pytest.mark.adversary("D8")
def test_nobody_changes_what_somebody_else_wrote():
    post = written(forum.category(HERE))
    for person in (
        forum.person(), staff("moderator", HERE), staff("organiser", None),
        forum.person(is_superuser=True),
    ):  # fmt: skip
        refused("post.not-found", post=post, by=person, text="Mine")
    post.refresh_from_db()
    assert post.text == "Plant trees."


@pytest.mark.parametrize("standing", [Standing.HELD, Standing.HIDDEN, Standing.REMOVED])
def test_what_moderators_look_at_or_hid_is_not_changed(standing):
    author = forum.person()
    post = forum.post(forum.thread(), author, standing=standing)
    with pytest.raises(DomainError):
        edit_post(post=post, by=author, text="Other words")
    assert Post.objects.get(pk=post.pk).text == "Some words."


@pytest.mark.parametrize("shown_before", [True, False])
def test_a_returned_post_goes_back_to_the_queue(shown_before):
    place = forum.category(look=Category.Look.AFTER if shown_before else Category.Look.BEFORE)
    post = written(place)
    let_post_stand(str(post.pk), Standing.RETURNED)
    Item.objects.update(standing=Standing.RETURNED, queued_at=None)
    edited = edit_post(post=post, by=post.author, text="Please plant trees.")
    assert edited.standing == edited.thread.standing == Standing.HELD
    assert Item.objects.get().queued_at
    assert Revision.objects.get().shown is False
    let_post_stand(str(post.pk), Standing.SHOWN)
    kinds = [kind for kind, _data in told(post.thread)]
    expected = ["post.added", "post.hidden", "post.restored"] if shown_before else ["post.added"]
    assert kinds == expected


def test_a_change_waits_where_moderators_look_first():
    place = forum.category(HERE, look=Category.Look.BEFORE)
    post = written(place)
    let_post_stand(str(post.pk), Standing.SHOWN)
    reply = post_reply(thread=post.thread, author=staff("moderator", HERE), text="Yes")
    assert edit_post(post=reply, by=reply.author, text="Yes!").standing == Standing.SHOWN
    assert edit_post(post=post, by=post.author, text="Plant none.").standing == Standing.HELD
    assert [kind for kind, _data in told(post.thread)][-1] == "post.hidden"


def test_a_held_word_hides_what_was_shown():
    Word.objects.create(word="blast", action=Word.Action.HOLD)
    post = written()
    edit_post(post=post, by=post.author, text="What a blast")
    post.refresh_from_db()
    post.thread.refresh_from_db()
    assert (post.standing, post.number, post.thread.posts_count) == (Standing.HELD, 1, 0)


def test_what_was_never_shown_is_in_nobodys_history_but_the_authors_and_moderators():
    post = written(forum.category(HERE))
    edit_post(post=post, by=post.author, text="Plant oaks.")
    let_post_stand(str(post.pk), Standing.RETURNED)
    Item.objects.update(standing=Standing.RETURNED)
    post.refresh_from_db()
    edit_post(post=post, by=post.author, text="Plant beeches.")
    let_post_stand(str(post.pk), Standing.SHOWN)
    post.refresh_from_db()

    def gone(person):
        return [
            "".join(piece.text for piece in change.pieces if piece.side is not Side.ADDED)
            for change in post_history(person, post)
        ]

    assert gone(forum.person()) == []
    for person in (post.author, staff("moderator", HERE)):
        assert gone(person) == ["Plant oaks.", "Plant trees."]


@pytest.mark.adversary("D6")
def test_readers_do_not_find_in_the_history_what_an_author_was_asked_to_take_out():
    post = written(text="Ring Mrs Mill, 0123.")
    author = post.author
    edit_post(post=post, by=author, text="Ring Mrs Mill, 0123, please.")
    let_post_stand(str(post.pk), Standing.RETURNED)
    edit_post(post=post, by=author, text="Ring me.")
    let_post_stand(str(post.pk), Standing.SHOWN)
    post.refresh_from_db()
    edit_post(post=post, by=author, text="Ring me, please.")
    said = {
        person: "".join(p.text for change in post_history(person, post) for p in change.pieces)
        for person in (forum.person(), author, forum.moderator(None))
    }
    assert [("0123" in text) for text in said.values()] == [False, True, True]
    assert all("Ring me" in text for text in said.values())


def test_the_history_takes_one_query_for_one_change_and_for_three(django_assert_num_queries):
    post, reader = written(), forum.person()
    assert reader.roles == []
    for number in range(3):
        edit_post(post=post, by=post.author, text=f"Plant {number} trees.")
        with django_assert_num_queries(1):
            changes = post_history(reader, post)
        assert len(changes) == number + 1


def test_what_was_sent_is_no_draft_any_more():
    post = written()
    keep_draft(person=post.author, place=f"edit.{post.pk}", title="", text="Plant")
    edit_post(post=post, by=post.author, text="Plant oaks.")
    assert not Draft.objects.exists()


def test_an_edit_costs_no_new_text_and_is_one_item():
    post = written()
    for number in range(12):
        edit_post(post=post, by=post.author, text=f"Plant {number} trees.")
    assert Item.objects.count() == 1


def test_a_roll_back_leaves_and_tells_nothing():
    post = written()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        edit_post(post=post, by=post.author, text="Other")
        raise ZeroDivisionError
    assert not Revision.objects.exists()
    assert len(told(post.thread)) == 1
