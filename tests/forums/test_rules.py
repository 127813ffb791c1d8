"""Who may read, change and tend what; the rules of one thing and the queries of many agree."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.moderation.domain.standing import Standing
from forums import rules
from forums.models import Category, Post
from forums.selectors.readable import (
    reachable_posts,
    readable_categories,
    readable_posts,
    readable_threads,
)
from tests.forums import forum
from tests.voting.areas import ELSEWHERE, HERE, STREET, TOWN, resident, staff

pytestmark = pytest.mark.django_db

PEOPLE = (
    "stranger", "resident", "author", "moderator elsewhere", "organiser here", "moderator here",
    "moderator of the town", "operator",
)  # fmt: skip
STANDINGS = tuple(Standing)


def people(author=None):
    return {
        "stranger": AnonymousUser(),
        "resident": forum.person(),
        "author": author or forum.person(),
        "moderator elsewhere": staff("moderator", ELSEWHERE),
        "organiser here": staff("organiser", HERE),
        "moderator here": staff("moderator", HERE),
        "moderator of the town": staff("moderator", None),
        "operator": forum.person(is_superuser=True),
    }


MODERATORS = {"moderator here", "moderator of the town", "operator"}
STAFF = MODERATORS | {"moderator elsewhere", "organiser here"}
READ_BY = {
    Standing.SHOWN: set(PEOPLE),
    Standing.HELD: MODERATORS | {"author"},
    Standing.RETURNED: MODERATORS | {"author"},
    Standing.HIDDEN: MODERATORS | {"author"},
    Standing.REMOVED: MODERATORS,
}


def who(everybody, may):
    return {name for name, person in everybody.items() if may(person)}


@pytest.mark.adversary("D1")
@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("first", [True, False], ids=["first", "reply"])
def test_who_reads_a_post_by_how_it_stands(standing, first):
    author = forum.person()
    everybody = people(author)
    place = forum.category(HERE)
    if first:
        post = forum.first(forum.thread(place, author, standing=standing))
    else:
        post = forum.post(forum.thread(place), author, standing=standing)
    assert who(everybody, lambda person: rules.may_read_post(person, post)) == READ_BY[standing]
    reached = who(everybody, lambda person: post in reachable_posts(person))
    assert reached == READ_BY[standing]
    listed = who(everybody, lambda person: post in readable_posts(person))
    assert listed == (set(PEOPLE) if standing == Standing.SHOWN else set())


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_thread_is_there_for_all_or_for_nobody(standing):
    author = forum.person()
    everybody = people(author)
    thread = forum.thread(forum.category(HERE), author, standing=standing)
    reply = forum.post(thread)
    expected = set(PEOPLE) if standing == Standing.SHOWN else set()
    assert who(everybody, lambda person: rules.may_read_thread(person, thread)) == expected
    assert who(everybody, lambda person: thread in readable_threads(person)) == expected
    assert who(everybody, lambda person: reply in readable_posts(person)) == expected
    reply = Post.objects.select_related("thread__category").get(pk=reply.pk)
    reach = expected | MODERATORS
    assert who(everybody, lambda person: rules.may_read_post(person, reply)) == reach
    assert who(everybody, lambda person: reply in reachable_posts(person)) == reach


READERS = {
    Category.Readers.EVERYONE: set(PEOPLE),
    Category.Readers.ACCOUNT: set(PEOPLE) - {"stranger"},
    Category.Readers.STAFF: STAFF,
}


@pytest.mark.adversary("D1")
@pytest.mark.parametrize("readers", Category.Readers)
def test_who_reads_a_category_and_all_in_it(readers):
    author = forum.person()
    everybody = people(author)
    place = forum.category(HERE, readers=readers)
    thread = forum.thread(place, author)
    post = forum.first(thread)
    expected = READERS[readers]
    asked = {
        "category": lambda person: rules.may_read_category(person, place),
        "categories": lambda person: place in readable_categories(person),
        "thread": lambda person: rules.may_read_thread(person, thread),
        "threads": lambda person: thread in readable_threads(person),
        "post": lambda person: rules.may_read_post(person, post),
        "posts": lambda person: post in readable_posts(person),
        "one post": lambda person: post in reachable_posts(person),
    }
    assert {what: who(everybody, may) for what, may in asked.items()} == dict.fromkeys(
        asked, expected
    )


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("closed", ["", "locked", "category"])
def test_only_the_author_changes_a_post_and_only_an_open_one(standing, closed):
    author = forum.person()
    everybody = people(author)
    place = forum.category(HERE, closed=closed == "category")
    thread = forum.thread(place, locked=closed == "locked")
    post = forum.post(thread, author, standing=standing)
    open_to = {"author"} if not closed and standing in rules.EDITABLE else set()
    post.thread.category = place
    assert who(everybody, lambda person: rules.may_edit_post(person, post)) == open_to


def test_an_author_cannot_change_a_reply_in_a_thread_that_is_gone():
    author = forum.person()
    post = forum.post(forum.thread(standing=Standing.HIDDEN), author)
    assert not rules.may_edit_post(author, post)


def test_the_author_of_a_returned_first_post_can_change_it():
    author = forum.person()
    post = forum.first(forum.thread(None, author, standing=Standing.RETURNED))
    assert rules.may_edit_post(author, post)


@pytest.mark.parametrize(
    ("path", "where", "may"),
    [
        (HERE, HERE, True),
        (HERE, STREET, True),
        (STREET, HERE, False),
        (HERE, ELSEWHERE, False),
        (HERE, TOWN, False),
        (HERE, None, False),
        (None, HERE, True),
        (None, None, True),
    ],
)
def test_roles_hold_in_all_that_lies_within_their_area(path, where, may):
    place = forum.category(where)
    hidden = forum.post(forum.thread(place), standing=Standing.HIDDEN)
    for role, rule in [
        ("moderator", rules.may_tend),
        ("organiser", rules.may_tend),
        ("moderator", rules.may_see_unshown),
        ("organiser", rules.may_answer_officially),
        ("officer", rules.may_answer_officially),
        ("administrator", rules.may_answer_officially),
    ]:
        assert rule(staff(role, path), place) == may, role
    assert (hidden in reachable_posts(staff("moderator", path))) == may


@pytest.mark.parametrize(
    ("role", "tends", "answers", "sees"),
    [
        ("organiser", True, True, False),
        ("moderator", True, False, True),
        ("officer", False, True, False),
        ("auditor", False, False, False),
        ("administrator", False, True, False),
    ],
)
def test_what_each_role_may_do_in_its_area(role, tends, answers, sees):
    person, place = staff(role, HERE), forum.category(HERE)
    assert rules.may_tend(person, place) == tends
    assert rules.may_answer_officially(person, place) == answers
    assert rules.may_see_unshown(person, place) == sees


@pytest.mark.parametrize("asked", [Level.EMAIL, Level.ADDRESS, Level.IN_PERSON])
@pytest.mark.parametrize("known", [Level.EMAIL, Level.ADDRESS, Level.IN_PERSON])
def test_who_writes_by_what_is_known_of_them(asked, known):
    person = resident(HERE, known) if known > Level.EMAIL else forum.person()
    missing = rules.missing_to_write(person, forum.category(HERE, level=asked))
    assert missing == (() if known >= asked else ("level",))


@pytest.mark.parametrize(
    ("person", "missing"),
    [
        (AnonymousUser, ("stranger",)),
        (lambda: resident(HERE), ()),
        (lambda: resident(STREET), ()),
        (lambda: resident(ELSEWHERE), ("area",)),
        (forum.person, ("level", "area-unknown")),
        (lambda: forum.person(confirmed=False), ("level", "area-unknown")),
    ],
)
def test_residents_of_the_area_write_where_only_they_do(person, missing):
    place = forum.category(HERE, only_residents=True, level=Level.ADDRESS)
    assert rules.missing_to_write(person(), place) == missing


def test_an_unconfirmed_account_writes_nowhere():
    assert rules.missing_to_write(forum.person(confirmed=False), forum.category()) == ("level",)


def test_who_does_not_read_a_category_does_not_write_there():
    place = forum.category(readers=Category.Readers.STAFF)
    assert rules.missing_to_write(forum.person(), place) == ("readers",)


def test_how_open_one_place_is_beside_another():
    staffed, signed_in, open_to_all = (
        Category(readers=readers) for readers in ("staff", "account", "everyone")
    )
    order = [staffed, signed_in, open_to_all]
    for i, one in enumerate(order):
        for j, other in enumerate(order):
            assert rules.is_as_open(one, other) == (i >= j)


def test_a_role_that_ended_gives_nothing():
    person, place = staff("moderator", HERE), forum.category(HERE)
    hidden = forum.post(forum.thread(place), standing=Standing.HIDDEN)
    person.grants.update(until=timezone.now())
    assert not rules.may_tend(person, place)
    assert hidden not in reachable_posts(person)
