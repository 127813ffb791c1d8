"""Writing without a script, end to end; and nothing that was typed is lost on any way."""

import re
import uuid

import pytest

from engage.moderation.domain.standing import Standing
from engage.moderation.models import Word
from forums.models import Draft, Post, Thread
from forums.services.tending import lock_thread, slow_thread
from tests.forums import forum
from tests.forums.views.visits import browser, filled_in, forget_pages, text_of
from tests.voting import polls
from tests.voting.areas import resident, staff

pytestmark = pytest.mark.django_db
WORDS = "A bench by the **old** mill, please."


@pytest.fixture(autouse=True)
def no_page_is_kept():
    forget_pages()


def test_a_thread_is_started_answered_and_changed_without_a_script():
    place, ann, ben = forum.category(), forum.person(), forum.person()
    writer, other = browser(ann), browser(ben)
    new = f"/forum/{place.slug}/new/"
    typed = filled_in(writer, new) | {"title": "Benches", "text": WORDS}
    answer = writer.post(new, typed, follow=True)
    thread = Thread.objects.get()
    assert answer.redirect_chain[-1][0] == f"/threads/{thread.pk}/#post-{forum.first(thread).pk}"
    assert "<h1><bdi>Benches</bdi></h1>" in text_of(answer)
    assert "<strong>old</strong>" in text_of(answer)

    page = f"/threads/{thread.pk}/"
    typed = filled_in(other, page) | {"text": "Two, even."}
    answer = other.post(f"{page}reply/", typed, follow=True)
    reply = Post.objects.get(author=ben)
    assert f'id="post-{reply.pk}"' in text_of(answer) and reply.root is None

    form = f"{page}reply/?to={reply.pk}"
    assert "Two, even." in text_of(writer.get(form))
    writer.post(f"{page}reply/", filled_in(writer, form) | {"text": "With a back."})
    below = Post.objects.get(text="With a back.")
    assert below.root == reply
    other.post(f"{page}reply/", {"text": "And arms.", "to": below.pk})
    beyond = Post.objects.get(text="And arms.")
    assert (beyond.root, beyond.quotes) == (reply, below)

    edit = f"/posts/{reply.pk}/edit/"
    other.post(edit, filled_in(other, edit) | {"text": "Three, even."})
    history = text_of(browser().get(f"/posts/{reply.pk}/history/"))
    assert re.search(r"<del>.*Two.*</del>", history) and re.search(r"<ins>.*Three.*</ins>", history)
    assert f"/posts/{reply.pk}/history/" in text_of(browser().get(page))


def test_a_reaction_is_given_and_taken_back_by_the_same_button():
    thread, person = forum.thread(), forum.person()
    post, client = forum.first(thread), browser(person)
    for given in (1, 0):
        answer = client.post(f"/posts/{post.pk}/react/", {"kind": "thanks"})
        assert answer["Location"] == f"/posts/{post.pk}/"
        assert post.given.filter(person=person).count() == given
    for _ in range(2):
        client.post(
            f"/posts/{post.pk}/react/", {"kind": "idea", "on": "1"},
            headers={"X-Requested-With": "fetch"},
        )  # fmt: skip
    assert post.given.get().kind == "idea"
    assert client.post(f"/posts/{post.pk}/react/", {"kind": "hate"}).status_code == 404
    assert "/login/" in browser().post(f"/posts/{post.pk}/react/", {"kind": "idea"})["Location"]


def test_a_form_sent_twice_is_one_post_and_another_text_is_another():
    thread, client = forum.thread(), browser(forum.person())
    page = f"/threads/{thread.pk}/"
    typed = filled_in(client, page) | {"text": WORDS}
    for _ in range(2):
        client.post(f"{page}reply/", typed)
    assert Post.objects.filter(text=WORDS).count() == 1
    client.post(f"{page}reply/", typed | {"text": "Gone back, and said more."})
    assert thread.posts.count() == 3


def test_a_preview_is_a_page_that_sends_nothing_and_keeps_the_text():
    thread, client = forum.thread(), browser(forum.person())
    path = f"/threads/{thread.pk}/reply/"
    answer = client.post(path, {"text": WORDS, "act": "preview"})
    page = text_of(answer)
    assert "This is how it will look" in page and "<strong>old</strong>" in page
    assert f"{WORDS}</textarea>" in page
    assert thread.posts.count() == 1
    alone = text_of(client.post("/forum/preview/", {"text": WORDS}))
    assert "<strong>old</strong>" in alone and "<html" not in alone
    assert browser().post("/forum/preview/", {"text": WORDS}).status_code == 302


def test_where_moderators_look_first_the_author_is_told_and_sees_the_text():
    place, client = forum.category(look="before"), browser(forum.person())
    answer = client.post(f"/forum/{place.slug}/new/", {"title": "T", "text": WORDS}, follow=True)
    post = Post.objects.get()
    assert post.standing == Standing.HELD
    assert answer.redirect_chain[-1][0] == f"/posts/{post.pk}/more/"
    page = text_of(answer)
    assert "A moderator looks at it first" in page and "<strong>old</strong>" in page
    assert browser().get(f"/posts/{post.pk}/").status_code == 404


# ---- Nothing that was typed is lost ----


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001, "\x00", "a\u202eb"])
def test_a_text_that_is_none_comes_back_with_what_is_the_matter(text):
    place, client = forum.category(), browser(forum.person())
    answer = client.post(f"/forum/{place.slug}/new/", {"title": "My subject", "text": text})
    page = text_of(answer)
    assert answer.status_code == 200 and 'id="errors"' in page
    assert "My subject" in page and not Post.objects.exists()


def test_a_word_that_is_not_taken_is_said_on_the_form_that_keeps_the_text():
    Word.objects.create(word="blockhead", action="block")
    thread, client = forum.thread(), browser(forum.person())
    answer = client.post(f"/threads/{thread.pk}/reply/", {"text": "You blockhead, really"})
    page = text_of(answer)
    assert answer.status_code == 200 and "You blockhead, really</textarea>" in page
    assert 'id="errors"' in page and thread.posts.count() == 1


def test_slow_mode_answers_429_with_the_text():
    thread, person = forum.thread(), forum.person()
    slow_thread(thread=thread, by=forum.moderator(None), seconds=3_600)
    client, path = browser(person), f"/threads/{thread.pk}/reply/"
    assert client.post(path, {"text": "First."}).status_code == 302
    answer = client.post(path, {"text": "Second, and typed with care."})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "Second, and typed with care." in text_of(answer)


def test_a_thread_that_was_locked_while_one_typed_gives_the_text_back():
    thread, client = forum.thread(), browser(forum.person())
    path = f"/threads/{thread.pk}/reply/"
    typed = filled_in(client, f"/threads/{thread.pk}/") | {"text": WORDS}
    lock_thread(thread=thread, by=forum.moderator(None), locked=True)
    answer = client.post(path, typed)
    assert WORDS in text_of(answer) and thread.posts.count() == 1
    assert "data-writing" not in text_of(client.get(path))


@pytest.mark.parametrize("where", ["new", "reply", "edit", "official"])
def test_a_sign_in_that_ended_brings_the_text_back_after_the_next(where):
    person = polls.person("organiser")
    thread = forum.thread(author=person)
    paths = {
        "new": f"/forum/{thread.category.slug}/new/", "reply": f"/threads/{thread.pk}/reply/",
        "edit": f"/posts/{forum.first(thread).pk}/edit/",
        "official": f"/threads/{thread.pk}/official/",
    }  # fmt: skip
    client = browser()
    answer = client.post(paths[where], {"title": "My subject", "text": WORDS})
    assert answer.status_code == 302 and "/login/" in answer["Location"]
    client.force_login(person)
    page = text_of(client.get(paths[where]))
    assert f"{WORDS}</textarea>" in page and "Your draft is back" in page
    assert ("My subject" in page) == (where == "new")
    assert "unsent" not in client.session


def test_all_that_was_sent_after_a_sign_in_ended_comes_back():
    person, thread = forum.person(), forum.thread()
    first = forum.first(thread)
    client = browser()
    client.post(f"/threads/{thread.pk}/reply/", {"text": WORDS})
    client.post(f"/threads/{thread.pk}/reply/?to={first.pk}", {"to": first.pk, "text": "Dear you"})
    client.post(f"/posts/{first.pk}/react/", {"kind": "agree", "on": "1"})
    client.force_login(person)
    assert f"{WORDS}</textarea>" in text_of(client.get(f"/threads/{thread.pk}/reply/"))
    page = text_of(client.get(f"/threads/{thread.pk}/reply/?to={first.pk}"))
    assert "Dear you</textarea>" in page


def test_what_one_person_typed_is_not_brought_back_to_the_next_at_the_same_machine():
    person, other, thread = forum.person(), forum.person(), forum.thread()
    path = f"/threads/{thread.pk}/reply/"
    whose = filled_in(browser(person), path)["whose"]
    for somebody, comes in ((person, True), (other, False)):
        client = browser()
        client.post(path, {"text": WORDS, "whose": whose})
        client.force_login(somebody)
        assert (WORDS in text_of(client.get(path))) is comes
        assert Draft.objects.filter(person=somebody).exists() is comes


def test_the_next_form_knows_which_forms_arrived():
    thread, client = forum.thread(), browser(forum.person())
    path = f"/threads/{thread.pk}/reply/"
    typed = filled_in(client, path)
    client.post(path, typed | {"text": ""})
    assert 'data-sent=""' in text_of(client.get(path))
    client.post(path, typed | {"text": WORDS})
    assert f'data-sent="{typed["attempt"]}"' in text_of(client.get(path))


def test_a_draft_is_kept_comes_back_is_listed_and_goes_with_what_is_sent():
    thread, person = forum.thread(), forum.person()
    client, place = browser(person), f"thread.{thread.pk}"
    kept = client.post("/you/drafts/keep/", {"place": place, "text": WORDS})
    assert kept.status_code == 204 and kept["Cache-Control"] == "no-store"
    page = text_of(client.get(f"/threads/{thread.pk}/"))
    assert f"{WORDS}</textarea>" in page and "Your draft is back" in page
    listed = text_of(client.get("/you/drafts/"))
    assert WORDS in listed and thread.title in listed
    for other in (browser(forum.person()), browser()):
        assert WORDS not in text_of(other.get("/you/drafts/", follow=True))
        assert WORDS not in text_of(other.get(f"/threads/{thread.pk}/"))
    client.post(f"/threads/{thread.pk}/reply/", filled_in(client, f"/threads/{thread.pk}/"))
    assert not Draft.objects.exists() and Post.objects.filter(text=WORDS).exists()


def test_a_draft_is_thrown_away_by_whose_it_is():
    thread, person = forum.thread(), forum.person()
    place = f"thread.{thread.pk}"
    browser(person).post("/you/drafts/keep/", {"place": place, "text": WORDS})
    browser(forum.person()).post("/you/drafts/keep/", {"place": place, "act": "throw-away"})
    assert Draft.objects.count() == 1
    browser(person).post("/you/drafts/keep/", {"place": place, "act": "throw-away"})
    assert not Draft.objects.exists()


def test_the_list_of_drafts_asks_the_same_for_one_and_for_three():
    from tests.forums.views.visits import asked

    person, counts = forum.person(), []
    for _ in range(2):
        thread = forum.thread()
        post = forum.post(thread, person)
        for place in (f"category.{thread.category_id}", f"thread.{thread.pk}", f"edit.{post.pk}"):
            browser(person).post("/you/drafts/keep/", {"place": place, "text": WORDS})
        counts.append(asked(browser(person), "/you/drafts/"))
    assert counts[0] == counts[1] <= 7, counts


# ---- Who writes ----


def test_whoever_may_not_write_yet_is_told_the_way():
    place = forum.category("town/millbank", level=2, only_residents=True)
    thread = forum.thread(place)
    told = {
        None: "/accounts/login/", forum.person(): "/you/place/",
        resident("town/hilltop"): "is elsewhere",
    }  # fmt: skip
    for person, way in told.items():
        for path in (f"/forum/{place.slug}/", f"/threads/{thread.pk}/"):
            page = text_of(browser(person).get(path))
            assert way in page and "data-writing" not in page
        answer = browser(person).post(f"/threads/{thread.pk}/reply/", {"text": WORDS}, follow=True)
        assert thread.posts.count() == 1 and answer.status_code == 200
    known = browser(resident("town/millbank"))
    assert known.post(f"/threads/{thread.pk}/reply/", {"text": WORDS}).status_code == 302
    assert thread.posts.count() == 2


@pytest.mark.adversary("D1")
def test_a_post_is_changed_by_its_author_alone():
    author, thread = forum.person(), forum.thread()
    post = forum.post(thread, author)
    path = f"/posts/{post.pk}/edit/"
    for person in (forum.person(), forum.moderator(None), polls.person(is_superuser=True)):
        assert browser(person).get(path).status_code == 404
        assert browser(person).post(path, {"text": "Mine now."}).status_code == 404
    assert "/accounts/login/" in browser().get(path)["Location"]
    assert browser(author).post(path, {"text": "Better."}).status_code == 302
    post.refresh_from_db()
    assert post.text == "Better."


@pytest.mark.adversary("D1")
def test_only_who_speaks_for_the_town_here_answers_officially():
    thread = forum.thread(forum.category("town/millbank"))
    path = f"/threads/{thread.pk}/official/"
    typed = {"text": "We run it from March.", "office": "Transport office"}
    for person in (forum.person(), forum.moderator(), staff("organiser", "town/hilltop")):
        assert browser(person).post(path, typed).status_code == 403
    assert "/login/" in browser().post(path, typed)["Location"]
    answer = browser(staff("organiser")).post(path, typed, follow=True)
    assert 'class="official' in text_of(answer)
    assert Post.objects.get(office="Transport office").text == typed["text"]


@pytest.mark.adversary("D3")
def test_more_fields_than_a_form_has_change_nothing():
    author, other = forum.person(), forum.person()
    thread = forum.thread()
    more = {
        "author": str(other.pk), "standing": "shown", "office": "Council", "number": "99",
        "id": "7", "pinned": "on", "html": "<script>", "first": "on", "root": "1",
        "written_at": "1990-01-01", "thread": "1", "shown_at": "1990-01-01", "reactions": "{}",
    }  # fmt: skip
    browser(author).post(f"/threads/{thread.pk}/reply/", {"text": WORDS, **more})
    post = Post.objects.get(text=WORDS)
    assert (post.author, post.office, post.number, post.first) == (author, "", 2, False)
    assert post.root is None and "<script>" not in post.html
    browser(author).post(f"/posts/{post.pk}/edit/", {"text": "Changed.", **more})
    post.refresh_from_db()
    thread.refresh_from_db()
    assert (post.author, post.office, post.number) == (author, "", 2)
    assert not thread.pinned


@pytest.mark.adversary("D2")
def test_an_answer_to_a_post_of_another_thread_is_none():
    thread, client = forum.thread(), browser(forum.person())
    elsewhere = forum.first(forum.thread())
    for key in (elsewhere.pk, 10**17, "1e3", "-1", "²"):
        answer = client.post(f"/threads/{thread.pk}/reply/", {"text": WORDS, "to": key})
        assert answer.status_code == 404
    assert thread.posts.count() == 1


def test_an_attempt_of_somebody_else_is_not_told():
    thread, attempt = forum.thread(), str(uuid.uuid4())
    path, typed = f"/threads/{thread.pk}/reply/", {"text": WORDS, "attempt": attempt}
    browser(forum.person()).post(path, typed)
    answer = browser(forum.person()).post(path, typed)
    assert answer.status_code == 200 and WORDS in text_of(answer)
    assert thread.posts.count() == 2
