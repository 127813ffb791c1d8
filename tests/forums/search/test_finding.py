"""Search finds what may be read at this moment, and nothing else; any text can be asked."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.identity.services.erasing import erase_account
from engage.moderation.domain.standing import Standing
from forums.domain.queries import parse
from forums.models import Post, Thread
from forums.search.finding import A_PAGE, Filters, search
from forums.search.laying import FILL, TRIGGERS, lay, lift
from tests import everywhere
from tests.forums import forum
from tests.forums.payloads import everything
from tests.voting.areas import staff

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def found(asked, person=STRANGER, page=1, **filters):
    return [hit.post for hit in search(person, parse(asked), Filters(**filters), page).hits]


def test_titles_and_texts_are_found_by_the_words_in_them():
    thread = forum.thread(title="Benches by the river", text="Where do we sit?")
    reply = forum.post(thread, text="On the *playground*, with the children.")
    first = forum.first(thread)
    assert found("river") == [first]
    assert found("sit benches") == [first]  # one word of the title, one of the text
    assert found("playground") == [reply]
    assert found("river playground") == []
    assert found("castle") == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Two trees", "tree"), ("One tree", "trees"), ("The meetings", "meeting"),
        ("Die Bibliotheken", "Bibliothek"), ("Ein Baum", "baum"), ("Zwei Bäume", "Bäume"),
        ("A CAFÉ", "café"), ("see https://town.example/plan", "plan"), ("well-known", "known"),
        ("It costs 3.50", "50"), ("Straßenbahn", "straßen"), ("Playground", "play"),
    ],
)  # fmt: skip
def test_words_are_found_in_other_forms(text, asked):
    thread = forum.thread(title="Nothing", text=text)
    assert found(asked) == [forum.first(thread)]


def test_rows_of_words_stand_so_and_unwanted_words_do_not():
    one = forum.thread(title="One", text="a bench by the river")
    two = forum.thread(title="Two", text="by the bench a river and a dog")
    assert found('"by the river"') == [forum.first(one)]
    assert set(found("bench river")) == {forum.first(one), forum.first(two)}
    assert found("bench -dog") == [forum.first(one)]
    assert found('bench -"by the river"') == [forum.first(two)]
    assert found("-dog") == []


def test_titles_count_more_and_the_newer_of_two_comes_first():
    in_text = forum.thread(title="Something", text="words words river words")
    in_title = forum.thread(title="The river", text="words")
    assert found("river") == [forum.first(in_title), forum.first(in_text)]
    again = forum.thread(title="The river", text="words")
    assert found("river")[:2] == [forum.first(again), forum.first(in_title)]


def test_an_edit_a_new_title_and_the_end_are_followed_at_once():
    thread = forum.thread(title="River", text="bench")
    first = forum.first(thread)
    first.text = "lamp"
    first.save()
    assert (found("bench"), found("lamp"), found("river")) == ([], [first], [first])
    Thread.objects.filter(pk=thread.pk).update(title="Castle")
    assert (found("river"), found("castle lamp")) == ([], [first])
    Post.objects.filter(pk=first.pk).delete()
    assert found("castle") == []


@pytest.mark.adversary("D6")
@pytest.mark.parametrize("standing", [s for s in Standing if s != Standing.SHOWN])
def test_what_is_not_shown_is_found_by_nobody(standing):
    thread = forum.thread(title="Shown", text="words")
    author = forum.person()
    post = forum.post(thread, author, text="secretword")
    assert found("secretword") == [post]
    Post.objects.filter(pk=post.pk).update(standing=standing)
    operator = forum.person(is_superuser=True)
    for person in (STRANGER, author, forum.moderator(), operator):
        assert found("secretword", person) == []
    Post.objects.filter(pk=post.pk).update(standing=Standing.SHOWN)
    Thread.objects.filter(pk=thread.pk).update(standing=standing)
    for person in (STRANGER, author, forum.moderator(), operator):
        assert found("secretword", person) == []


@pytest.mark.adversary("D6")
def test_who_may_not_read_a_category_finds_nothing_in_it():
    posts = {
        readers: forum.first(forum.thread(forum.category(readers=readers), text="lantern"))
        for readers in ("everyone", "account", "staff")
    }
    everyone, account, town = (posts[key] for key in ("everyone", "account", "staff"))
    assert found("lantern") == [everyone]
    assert set(found("lantern", forum.person())) == {everyone, account}
    assert set(found("lantern", staff("moderator", None))) == {everyone, account, town}


def test_filters_leave_out_other_categories_and_older_posts():
    one, two = forum.thread(text="lantern"), forum.thread(text="lantern")
    now = timezone.now()
    Post.objects.filter(thread=two).update(shown_at=now - timedelta(days=40))
    assert found("lantern", category=one.category) == [forum.first(one)]
    assert found("lantern", since=now - timedelta(days=31)) == [forum.first(one)]


def test_pages_have_every_hit_once_and_one_question_each(django_assert_num_queries):
    thread = forum.thread(text="nothing")
    for number in range(A_PAGE + 3):
        forum.post(thread, text=f"lantern {number}")
    with django_assert_num_queries(1):
        first = search(STRANGER, parse("lantern"), Filters())
    second = search(STRANGER, parse("lantern"), Filters(), 2)
    posts = [hit.post.pk for hit in first.hits + second.hits]
    assert (len(first.hits), len(second.hits)) == (A_PAGE, 3)
    assert (first.more, second.more) == (True, False)
    assert len(set(posts)) == A_PAGE + 3


@pytest.mark.adversary("F6")
@pytest.mark.adversary("E8")
def test_no_question_breaks_the_database():
    forum.thread(title="River", text="bench")
    for text in everything():
        search(STRANGER, parse(text), Filters())
        search(STRANGER, parse(f'bench "{text}" -{text}'), Filters())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(alphabet="ab \"-*\\'():^&|!<>ÄßŁ\u0301\u0e01😀०") | st.text())
def test_whatever_is_asked_is_answered(db, text):
    search(STRANGER, parse(text), Filters())


def test_every_word_of_a_text_finds_it():
    post = forum.first(forum.thread(title="Zoë's 2nd try", text="Łódź, नमस्ते 東京 Ecke–Straße"))
    for word in ("Zoë", "2nd", "Łódź", "नमस्ते", "東京", "Ecke", "Straße"):
        assert found(word) == [post], word


@pytest.mark.adversary("E1")
def test_hits_are_pieces_of_words_and_never_html():
    for number, text in enumerate(everything()[:150]):
        forum.first(forum.thread(title=f"case {number}", text=f"lantern {text}"))
    for page in range(1, 8):
        for hit in search(STRANGER, parse("lantern"), Filters(), page).hits:
            assert all(isinstance(segment.text, str) for segment in hit.words.segments)
            assert not any(hasattr(segment.text, "__html__") for segment in hit.words.segments)


@pytest.mark.adversary("J4")
@pytest.mark.parametrize("keep_texts", [True, False])
def test_who_is_erased_is_found_nowhere(keep_texts, django_capture_on_commit_callbacks):
    author = forum.person(display_name="Quentin Quartermain")
    thread = forum.thread(author=author, title="Xylophones", text="Zyzzyva lives here")
    forum.post(forum.thread(), author, text="Zyzzyva again")
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(person=author, keep_texts=keep_texts)
    assert len(found("zyzzyva")) == (2 if keep_texts else 0)
    assert found("Quartermain") == []
    if not keep_texts:
        assert {
            place for place in everywhere.found(["zyzzyva"]) if "forums_search" in place
        } == set()
        assert not Post.objects.filter(thread=thread).exclude(text="").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's triggers stay")
def test_triggers_that_a_migration_took_away_are_laid_again():
    class Ours:
        app_label = "forums"

    class Theirs:
        app_label = "voting"

    thread = forum.thread(text="lantern")
    lift("default", plan=[(Theirs, False)])
    lay("default")
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = %s", [name])
            assert cursor.fetchone() == (1,)
    lift("default", plan=[(Ours, False)])
    forum.first(thread)
    Post.objects.filter(thread=thread).update(text="balcony")
    assert found("balcony") == []
    lay("default")
    lay("default")
    assert (found("balcony"), found("lantern")) == ([forum.first(thread)], [])
    assert "forums_post" in FILL
