"""Posts at the desk: shown in a few queries, decided on with their thread's counts and facts."""

import pytest
from django.contrib.auth.models import AnonymousUser

from engage.domain.errors import DomainError
from engage.moderation import writings
from engage.moderation.domain.standing import Standing
from forums.models import Category
from forums.services.deciding import POSTS
from tests.forums import forum
from tests.forums.forum import told
from tests.forums.services.test_writing import picture
from tests.voting.areas import ELSEWHERE, HERE, STREET, staff

pytestmark = pytest.mark.django_db


def test_the_desk_knows_posts():
    assert writings.kinds()["post"] is POSTS


@pytest.mark.parametrize("number", [1, 3])
def test_posts_are_shown_in_two_queries(number, django_assert_num_queries):
    thread = forum.thread(title="Trees")
    root = forum.post(thread, text="Which *kind*?")
    posts = [forum.post(thread, to=root, text=f"Oak {i}") for i in range(number)]
    for post in posts:
        picture(post.author, post=post)
    with django_assert_num_queries(2):
        shown = POSTS.show([str(post.pk) for post in posts])
    assert set(shown) == {str(post.pk) for post in posts}
    first = shown[str(posts[0].pk)]
    assert (first.title, first.source, first.space) == ("Trees", "Oak 0", thread.category.name)
    assert (first.html, first.context) == ("<p>Oak 0</p>\n", "Which *kind*?")
    assert first.url == f"/posts/{posts[0].pk}/"
    assert len(first.pictures) == 1


@pytest.mark.adversary("F6")
def test_what_is_no_key_is_nothing():
    keys = ["", "x", "-1", "1.0", "١", "9" * 30]
    assert POSTS.show(keys) == {}
    for key in keys:
        assert not POSTS.may_see(forum.person(is_superuser=True), key)
        assert POSTS.places(forum.person(is_superuser=True), key) == []
        with pytest.raises(DomainError):
            POSTS.lock(key, True)


def test_who_sees_a_post_sees_it_as_everywhere():
    post = forum.post(forum.thread(forum.category(HERE)), standing=Standing.HIDDEN)
    key = str(post.pk)
    assert POSTS.may_see(post.author, key)
    assert POSTS.may_see(staff("moderator", HERE), key)
    for person in (AnonymousUser(), forum.person(), staff("moderator", ELSEWHERE)):
        assert not POSTS.may_see(person, key)


@pytest.mark.adversary("D4")
def test_a_thread_is_moved_to_a_place_that_the_moderator_tends():
    here, street = forum.category(HERE), forum.category(STREET)
    elsewhere = forum.category(ELSEWHERE)
    thread = forum.thread(here)
    key = str(forum.first(thread).pk)
    by = staff("moderator", HERE)
    assert POSTS.places(by, key) == [(str(street.pk), street.name)]
    assert POSTS.places(staff("moderator", ELSEWHERE), key) == []
    for place in (str(elsewhere.pk), "4711", "x", ""):
        with pytest.raises(DomainError) as error:
            POSTS.move(by, key, place)
        assert error.value.code == "category.not-found"
    POSTS.move(by, key, str(street.pk))
    thread.refresh_from_db()
    assert thread.category == street


def test_a_thread_is_locked_and_opened():
    thread = forum.thread(forum.category(readers=Category.Readers.ACCOUNT))
    key = str(forum.first(thread).pk)
    for locked in (True, True, False):
        POSTS.lock(key, locked)
        thread.refresh_from_db()
        assert thread.locked == locked
    assert [kind for kind, _data in told(thread)][1:] == ["thread.changed"] * 2
