"""Posts and the desk's items: whatever is decided, appealed or changed, both say the same."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.identity.services.erasing import erase_account
from engage.moderation.domain.verbs import Verb
from engage.moderation.models import Appeal, Item
from engage.moderation.selectors.desk import desk_page
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.deciding import decide, decide_together
from engage.web.limits import TooMany
from forums.models import Category, Post
from forums.services.editing import edit_post
from forums.services.writing import post_reply, start_thread
from tests.engage.moderation import desk
from tests.forums import forum

pytestmark = pytest.mark.django_db
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*Verb, "edit", "appeal", "overturn", "uphold", "together"]),
        st.integers(0, 2),
    ),
    max_size=12,
)


def talk(look: str) -> list[Post]:
    """A thread's first post, an answer and an answer to that, as they come in."""
    place = forum.category(look=look)
    first = start_thread(
        category=place, author=forum.person(), title="Benches", text="Where do they go?"
    )
    if look == Category.Look.BEFORE:
        decided(first, Verb.APPROVE)
    first.thread.refresh_from_db()
    answer = post_reply(thread=first.thread, author=forum.person(), text="To the river.")
    return [first, answer, post_reply(thread=first.thread, author=forum.person(), text="No.")]


def item_of(post):
    return Item.objects.get(kind="post", key=str(post.pk))


def decided(post, verb):
    until = timezone.now() + timedelta(days=1)
    return decide(
        item=item_of(post), by=forum.moderator(None), verb=verb, reason=desk.reason(),
        statement="So.", until=until if verb == Verb.SILENCE else None,
    )  # fmt: skip


def step(posts, what, number):
    post = Post.objects.get(pk=posts[number].pk)
    last = item_of(post).decisions.order_by("-at", "-pk").first()
    open_ones = Appeal.objects.filter(outcome="").first()
    if what == "edit":
        edit_post(post=post, by=post.author, text=f"{post.text} And more.")
    elif what == "appeal" and last:
        appeal(decision=last, author=post.author, words="No.")
    elif what in ("overturn", "uphold") and open_ones:
        answer_appeal(
            appeal=open_ones, by=forum.moderator(None), overturn=what == "overturn", answer="Yes."
        )
    elif what == "together":
        items = [item_of(each) for each in posts]
        decide_together(
            items=items, by=forum.moderator(None), verb="hide", reason=desk.reason(),
            statement="So.",
        )  # fmt: skip
    elif what in Verb.__members__.values():
        decided(post, what)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(look=st.sampled_from(Category.Look.values), steps=STEPS)
def test_after_every_step_a_post_stands_as_its_item_says(look, steps):
    posts = talk(look)
    for what, number in steps:
        with suppress(DomainError, TooMany):
            step(posts, what, number)
        for post in Post.objects.filter(pk__in=[each.pk for each in posts]):
            item = item_of(post)
            assert post.standing == item.standing, (what, number)
            assert item.queued_at or item.standing != "held"
            assert not post.first or post.thread.standing == post.standing
    waiting = Item.objects.filter(queued_at__isnull=False, area=None, kind="post")
    rows = whole_queue(forum.moderator(None))
    assert {row.item for row in rows} == set(waiting)
    assert all(row.shown for row in rows)


def whole_queue(person):
    """Every page of it; texts of earlier examples wait, too."""
    page = desk_page(person)
    rows = [*page.rows]
    while page.next:
        page = desk_page(person, after=page.next)
        rows += page.rows
    return rows


def test_a_post_whose_author_has_gone_is_decided_on():
    post = talk("after")[1]
    author = post.author
    erase_account(person=author, keep_texts=True)
    decided(post, Verb.HIDE)
    post.refresh_from_db()
    assert (post.standing, post.author, item_of(post).author) == ("hidden", None, None)
