"""Looking after threads and categories: who may, what it does, and what is said when it fails."""

import pytest

from forums.models import Category
from tests.forums import forum
from tests.forums.views.visits import asked, browser, text_of
from tests.voting import polls
from tests.voting.areas import area, staff
from voting.models import Poll

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "town/millbank", "town/hilltop"


def care(thread, **changes):
    """The form as it opens, with some changes."""
    kept = {
        "pinned": "on" if thread.pinned else "", "locked": "on" if thread.locked else "",
        "answered": "on" if thread.answered else "", "slow": thread.slow_s,
        "duplicate_of": thread.duplicate_of_id or "", "category": thread.category_id,
    } | changes  # fmt: skip
    return {name: value for name, value in kept.items() if value != ""}


@pytest.mark.adversary("D1")
@pytest.mark.parametrize("page", ["tend", "turn"])
def test_only_who_looks_after_the_place_may(page):
    author = forum.person()
    thread = forum.thread(forum.category(HERE), author)
    path = f"/threads/{thread.pk}/{page}/"
    assert "/login/" in browser().get(path)["Location"]
    for person in (forum.person(), author, staff("moderator", ELSEWHERE), staff("officer")):
        assert browser(person).get(path).status_code == 403
        assert browser(person).post(path, care(thread, locked="on")).status_code == 403
    for person in (staff("moderator"), staff("organiser"), forum.moderator(None)):
        assert browser(person).get(path).status_code == 200
    thread.refresh_from_db()
    assert not thread.locked


def test_all_of_a_form_is_done_at_once_and_told():
    place, other = forum.category(HERE), forum.category(HERE)
    thread, first = forum.thread(place), forum.thread(place, title="The first one")
    client = browser(staff("moderator"))
    typed = care(
        thread, pinned="on", locked="on", answered="on", slow="300", category=other.pk,
        duplicate_of=f"https://town.example/threads/{first.pk}/?after=1.1#post-3",
    )  # fmt: skip
    answer = client.post(f"/threads/{thread.pk}/tend/", typed, follow=True)
    thread.refresh_from_db()
    assert (thread.pinned, thread.locked, thread.answered, thread.slow_s) == (True, True, True, 300)
    assert (thread.category, thread.duplicate_of) == (other, first)
    assert "The first one" in text_of(answer)
    told = len(forum.told(thread))
    client.post(f"/threads/{thread.pk}/tend/", care(thread))
    assert len(forum.told(thread)) == told, "nothing changed, so nothing is told"


@pytest.mark.adversary("D4")
def test_what_fails_is_said_on_the_form_and_nothing_of_it_is_done():
    thread, mine = forum.thread(forum.category(HERE)), staff("moderator")
    client, path = browser(mine), f"/threads/{thread.pk}/tend/"
    quiet = forum.thread(forum.category(readers="staff"))
    for bad in (str(thread.pk), "9" * 18, "no link", "x" * 300, "-1", str(quiet.pk)):
        answer = client.post(path, care(thread, locked="on", duplicate_of=bad))
        assert answer.status_code == 200 and 'id="errors"' in text_of(answer), bad
    for bad in (forum.category(ELSEWHERE).pk, 10**9, "x"):
        assert 'id="errors"' in text_of(client.post(path, care(thread, locked="on", category=bad)))
    assert 'id="errors"' in text_of(client.post(path, care(thread, locked="on", slow="-5")))
    thread.refresh_from_db()
    assert not thread.locked and forum.told(thread) == [("post.added", forum.told(thread)[0][1])]


def test_a_thread_becomes_the_draft_of_a_poll_once_and_links_to_it():
    thread = forum.thread(forum.category(HERE), title="Which bench?", text="Wood or **steel**.")
    client, path = browser(staff("organiser")), f"/threads/{thread.pk}/turn/"
    assert "A poll" in text_of(client.get(path))
    assert 'id="errors"' in text_of(client.post(path, {}))
    answer = client.post(path, {"kind": "poll"}, follow=True)
    poll = Poll.objects.get()
    assert poll.title == "Which bench?" and poll.description.endswith("\n\nWood or **steel**.")
    assert f"/threads/{thread.pk}/" in poll.description, "it says where it comes from"
    assert (poll.state, poll.area_id) == ("draft", HERE)
    assert f'href="/polls/{poll.pk}/"' in text_of(answer)
    assert forum.told(thread)[-1][0] == "thread.changed"
    assert client.post(path, {"kind": "poll"}).status_code == 409
    assert Poll.objects.count() == 1


@pytest.mark.adversary("D4")
def test_a_moderator_who_organises_nothing_is_offered_nothing():
    thread = forum.thread(forum.category(HERE))
    client, path = browser(staff("moderator")), f"/threads/{thread.pk}/turn/"
    assert "There is nothing here" in text_of(client.get(path))
    client.post(path, {"kind": "poll"})
    assert not Poll.objects.exists()


# ---- Categories, at the office ----

NEW = {
    "name": "Parks & play",
    "level": "1",
    "readers": "everyone",
    "look": "after",
    "position": "0",
}


@pytest.mark.adversary("D1")
def test_categories_are_opened_and_changed_by_the_administrators_of_their_area():
    here = forum.category(HERE)
    pages = ("/office/categories/", "/office/categories/new/", f"/office/categories/{here.pk}/")
    for path in pages:
        assert "/login/" in browser().get(path)["Location"]
        for person in (forum.person(), staff("moderator"), staff("organiser")):
            assert browser(person).get(path).status_code == 403
        assert browser(staff("administrator")).get(path).status_code == 200
    away = browser(staff("administrator", ELSEWHERE))
    assert away.get(pages[2]).status_code == away.post(pages[2], NEW).status_code == 403
    assert here.name not in text_of(away.get(pages[0]))


def test_a_category_is_opened_with_a_short_name_of_its_own():
    client, path = browser(staff("administrator", None)), "/office/categories/new/"
    for slug in ("parks-play", "parks-play-2"):
        answer = client.post(path, NEW)
        assert answer["Location"] == f"/forum/{slug}/"
    for taken in ("parks-play", "search", "feed", "New", "a b", "<b>"):
        answer = client.post(path, NEW | {"slug": taken})
        assert answer.status_code == 200 and 'id="errors"' in text_of(answer), taken
        assert "Parks &amp; play" in text_of(answer)
    assert Category.objects.count() == 2


def test_residents_alone_asks_for_an_area_and_a_letter():
    area(HERE)
    client, path = browser(staff("administrator", None)), "/office/categories/new/"
    answer = client.post(path, NEW | {"only_residents": "on"})
    assert "Choose the area whose residents write here." in text_of(answer)
    assert "Where somebody lives is known from a letter on." in text_of(answer)
    good = NEW | {"only_residents": "on", "area": HERE, "level": "2"}
    assert client.post(path, good).status_code == 302


@pytest.mark.adversary("D3", "D4")
def test_an_administrator_of_one_area_opens_nothing_in_another():
    area(ELSEWHERE)
    client = browser(staff("administrator"))
    for chosen in (ELSEWHERE, "", "town"):
        answer = client.post("/office/categories/new/", NEW | {"area": chosen, "id": "7"})
        assert answer.status_code == 200 and 'id="errors"' in text_of(answer)
    mine = forum.category(HERE)
    client.post(f"/office/categories/{mine.pk}/", NEW | {"area": ELSEWHERE})
    mine.refresh_from_db()
    assert mine.area_id == HERE and Category.objects.count() == 1


def test_the_office_s_list_asks_the_same_for_one_and_for_three():
    boss, counts = polls.person(is_superuser=True), []
    for number in (1, 2):
        for _ in range(number):
            forum.category(HERE)
        counts.append(asked(browser(boss), "/office/categories/"))
    assert counts[0] == counts[1] <= 4, counts
