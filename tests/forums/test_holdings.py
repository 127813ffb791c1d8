"""What the forums hold of a person is handed over, and goes or stays without a name."""

from collections import Counter

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.processing import described, stored
from engage.identity.services.erasing import erase_account
from engage.identity.services.exporting import held_of
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item
from forums.holdings import export
from forums.models import (
    Category,
    Draft,
    Mention,
    Notice,
    Picture,
    Post,
    Reaction,
    ReadPlace,
    Revision,
    Stir,
    Thread,
)
from forums.services.drafting import keep_draft
from forums.services.editing import edit_post
from forums.services.reacting import react
from forums.services.showing import let_post_stand
from forums.services.writing import post_reply, start_thread
from forums.tick import count_reactions
from tests import everywhere
from tests.forums import forum
from tests.forums.forum import told
from tests.forums.services.test_writing import picture
from tests.forums.views.visits import browser, text_of

pytestmark = pytest.mark.django_db
TITLE, TEXT, EARLIER, REPLY = "Xanadu square", "Xylophones for all", "Xylem first", "Xenial words"
DRAFT = "Xebec plans"


@pytest.fixture
def person():
    return forum.person(display_name="Zora Zwick")


@pytest.fixture
def written(person):
    """A thread of theirs that somebody answered, an answer in another, and all that is kept."""
    mine = picture(person)
    post = start_thread(
        category=forum.category(), author=person, title=TITLE, text=EARLIER, pictures=[mine.pk]
    )
    post = edit_post(post=post, by=person, text=TEXT)
    post_reply(thread=post.thread, author=forum.person(), text="Somebody else's words")
    other = forum.thread()
    post_reply(thread=other, author=person, text=REPLY)
    react(post=forum.first(other), person=person, kind="agree", on=True)
    react(post=forum.first(other), person=forum.person(), kind="agree", on=True)
    keep_draft(person=person, place="thread.7", title="", text=DRAFT)
    count_reactions()
    return post


def test_everything_is_handed_over(person, written):
    rows = {}
    for row in export(person):
        rows.setdefault(row["table"], []).append(row)
    assert {name: len(found) for name, found in rows.items()} == {
        "forums.thread": 1, "forums.post": 2, "forums.revision": 1, "forums.picture": 1,
        "forums.reaction": 1, "forums.draft": 1, "forums.follow": 2,
    }  # fmt: skip
    assert [row["text"] for row in rows["forums.post"]] == [TEXT, REPLY]
    assert rows["forums.revision"][0]["text"] == EARLIER
    names = {held.table.table for held in held_of(person)}
    assert set(rows) <= names


@pytest.mark.adversary("D6")
@pytest.mark.parametrize("away", ["hidden", "removed", "for staff"])
def test_the_title_of_a_thread_that_is_not_there_any_more_is_told_to_nobody(person, away):
    thread = forum.thread(title="Mrs Mill, 0123", text="First words.")
    ReadPlace.objects.create(person=person, thread=thread, number=1)
    reply = post_reply(thread=thread, author=person, text="Own words")
    edit_post(post=reply, by=person, text="Own words, changed")
    keep_draft(person=person, place=f"edit.{reply.pk}", title="", text=DRAFT)
    client = browser(person)
    pages = [f"/posts/{reply.pk}/more/", f"/posts/{reply.pk}/history/", "/you/drafts/"]
    assert all("Mrs Mill" in text_of(client.get(path)) for path in pages)
    assert "Mrs Mill" in str(export(person))
    if away == "for staff":
        Category.objects.filter(threads=thread).update(readers="staff")
    else:
        let_post_stand(str(forum.first(thread).pk), Standing(away))
    assert not any("Mrs Mill" in text_of(client.get(path)) for path in pages)
    rows = str(export(person))
    assert "Mrs Mill" not in rows and "Own words, changed" in rows
    assert "Mrs Mill" in str(export(thread.author))


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_a_query_a_table_for_one_thing_as_for_three(
    person, django_assert_num_queries, number
):
    for i in range(number):
        post = start_thread(category=forum.category(), author=person, title=TITLE, text=EARLIER)
        edit_post(post=post, by=person, text=TEXT)
        picture(person, post=post)
        react(post=post, person=person, kind="agree", on=True)
        keep_draft(person=person, place=f"thread.{i + 1}", title="", text=DRAFT)
        ReadPlace.objects.create(person=person, thread=post.thread, number=1)
        Notice.objects.create(person=person, post=post, why="answered", due_at=timezone.now())
        Mention.objects.create(person=person, post=post)
    with django_assert_num_queries(11):
        counted = Counter(row["table"] for row in export(person))
    assert set(counted.values()) == {number}
    assert len(counted) == 10


def test_nothing_of_others_is_handed_over(person, written):
    assert "Somebody else" not in str(export(person))
    assert export(forum.person()) == []


def test_every_field_handed_over_is_described(person, written):
    fields = {table.table: set(table.uses) for table in described()}
    for row in export(person):
        assert set(row) - {"table"} <= fields[row["table"]]
    assert {name for name in stored() if name.startswith("forums.")} <= set(fields)


@pytest.mark.adversary("J4")
def test_texts_stay_without_a_name(person, written):
    key, before = person.pk, Post.objects.count()
    erase_account(person=person, keep_texts=True)
    assert everywhere.found([key, "Zora Zwick", DRAFT]) == set()
    assert Post.objects.count() == before
    assert set(Post.objects.filter(text__in=[TEXT, REPLY]).values_list("author")) == {(None,)}
    assert Revision.objects.get().by is None
    assert Picture.objects.get().by is None
    assert Thread.objects.get(title=TITLE).author is None
    assert told(written.thread)[-1] == ("post.edited", {"post": written.pk})


@pytest.mark.adversary("J4")
def test_texts_go_with_their_author(person, written):
    key = person.pk
    reply = Post.objects.get(text=REPLY)
    erase_account(person=person, keep_texts=False)
    assert everywhere.found([key, "Zora Zwick", TITLE, TEXT, EARLIER, REPLY, DRAFT]) == set()
    thread = Thread.objects.get(pk=written.thread_id)
    assert (thread.standing, thread.title) == (Standing.SHOWN, "Removed by its author")
    assert (thread.posts_count, thread.author) == (2, None)
    assert told(thread)[-2:] == [("post.removed", {"post": written.pk}), ("thread.changed", {})]
    other = Thread.objects.get(pk=reply.thread_id)
    assert (other.standing, other.posts_count) == (Standing.SHOWN, 1)
    assert told(other)[-1] == ("post.removed", {"post": reply.pk})
    assert not Picture.objects.exists()
    items = Item.objects.filter(key__in=[str(written.pk), str(reply.pk)])
    assert set(items.values_list("standing")) <= {(Standing.REMOVED,)}


def test_nobody_brings_back_what_an_author_took_away(person, written):
    posts = [post.pk for post in Post.objects.filter(author=person)]
    erase_account(person=person, keep_texts=False)
    before = list(Post.objects.order_by("pk").values_list("standing", flat=True))
    for post in posts:
        with pytest.raises(DomainError, match="for good") as refused:
            let_post_stand(str(post), Standing.SHOWN)
        assert refused.value.code == "post.conflict"
    assert list(Post.objects.order_by("pk").values_list("standing", flat=True)) == before


@pytest.mark.adversary("D6")
def test_what_others_answered_is_read_on(person, written):
    thread, reader = written.thread, browser()
    repeating = forum.thread(duplicate_of=thread)
    pages = [
        f"/threads/{thread.pk}/", f"/forum/{thread.category.slug}/", f"/threads/{thread.pk}/feed/",
        f"/threads/{repeating.pk}/", "/forum/", "/forum/feed/", "/forum/search/?q=words",
    ]  # fmt: skip
    before = [text_of(reader.get(path)) for path in pages]
    assert all(TITLE in page for page in before)
    erase_account(person=person, keep_texts=False)
    after = [text_of(reader.get(path)) for path in pages]
    for page in after:
        assert "Removed by its author" in page
        assert not any(word in page for word in (TITLE, TEXT, EARLIER, "Zora"))
    for page in (after[0], after[2], after[6]):
        assert "Somebody else" in page
    assert "Removed by its author." in after[0] and "Removed by moderators" not in after[0]
    assert "<b>1</b> reply" in after[1]
    assert told(repeating)[-1] == ("thread.changed", {})
    for gone in (TITLE, TEXT):
        assert "Nothing found" in text_of(reader.get(f"/forum/search/?q={gone.split()[0]}"))
    answered = post_reply(thread=thread, author=forum.person(), text="We go on.")
    assert answered.standing == Standing.SHOWN


@pytest.mark.parametrize("standing", [Standing.HIDDEN, Standing.HELD, Standing.RETURNED])
def test_a_thread_that_was_not_there_does_not_come_back(person, standing):
    thread = forum.thread(author=person, standing=standing)
    forum.post(thread)
    erase_account(person=person, keep_texts=False)
    thread.refresh_from_db()
    assert thread.standing == Standing.REMOVED


def test_a_thread_is_gone_with_the_last_who_wrote_in_it(person):
    other, third = forum.person(), forum.thread()
    thread = forum.thread(author=person)
    forum.post(thread, other)
    forum.post(third, other)
    standings = []
    for leaving in (person, other):
        erase_account(person=leaving, keep_texts=False)
        standings.append([Thread.objects.get(pk=each.pk).standing for each in (thread, third)])
    shown, removed = Standing.SHOWN, Standing.REMOVED
    assert standings == [[shown, shown], [removed, shown]]


@pytest.mark.parametrize("keep_texts", [True, False])
def test_what_was_said_with_one_key_is_counted_without_them(person, written, keep_texts):
    erase_account(person=person, keep_texts=keep_texts)
    assert (Reaction.objects.count(), Draft.objects.count()) == (1, 0)
    assert Stir.objects.exists()
    count_reactions()
    assert [post.reactions for post in Post.objects.all() if post.reactions] == [{"agree": 1}]


def test_versions_of_the_threads_change(person, written):
    versions = dict(Thread.objects.values_list("pk", "version"))
    erase_account(person=person, keep_texts=True)
    assert all(
        thread.version > versions[thread.pk] for thread in Thread.objects.filter(pk__in=versions)
    )
