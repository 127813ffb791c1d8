"""Pages around talking: who gets them, what they cost, and that nothing typed breaks them."""

import json
import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from engage.moderation.domain.standing import Standing
from engage.web.limits import POLICIES, By
from forums.models import Follow, ReadPlace
from forums.services.following import follow_thread
from tests.forums import forum

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


def browser(person=None):
    client = Client(headers=HTML)
    if person:
        client.force_login(person)
    return client


def test_a_pace_is_chosen_on_the_thread_and_taken_back():
    thread, person = forum.thread(), forum.person()
    client = browser(person)
    address = reverse("thread-follow", args=[thread.pk])
    answer = client.post(address, {"pace": "weekly"})
    assert (answer.status_code, answer["Location"]) == (302, thread.get_absolute_url())
    assert Follow.objects.get().pace == "weekly"
    answer = client.post(address, {"pace": "", "next": "/you/forum/"})
    assert answer["Location"] == "/you/forum/"
    assert not Follow.objects.exists()


@pytest.mark.adversary("C14")
@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_is_our_own(way):
    thread = forum.thread()
    answer = browser(forum.person()).post(
        reverse("thread-follow", args=[thread.pk]), {"pace": "now", "next": way}
    )
    assert answer["Location"] == thread.get_absolute_url()


@pytest.mark.parametrize("pace", ["hourly", "x" * 10_000, "now\x00"])
def test_a_pace_that_is_none_is_refused(pace):
    thread = forum.thread()
    answer = browser(forum.person()).post(
        reverse("thread-follow", args=[thread.pk]), {"pace": pace}
    )
    assert answer.status_code in (400, 404)
    assert not Follow.objects.exists()


@pytest.mark.adversary("D2")
@pytest.mark.parametrize("name", ["thread-follow", "thread-read", "thread-names", "thread-feed"])
@pytest.mark.parametrize("standing", [None, *[s for s in Standing if s != Standing.SHOWN]])
def test_a_thread_that_one_may_not_know_of_is_not_there(name, standing):
    place = forum.category(readers="everyone" if standing else "staff")
    thread = forum.thread(place, standing=standing or Standing.SHOWN)
    client = browser(forum.person())
    method = client.get if name in ("thread-names", "thread-feed") else client.post
    for key in (thread.pk, 999_999, 10**18, 10**40):
        data = {"pace": "now", "number": "1"} if method == client.post else {}
        answer = method(f"/threads/{key}/{name.removeprefix('thread-')}/", data)
        assert answer.status_code == 404, key
        assert thread.title not in answer.content.decode()


@pytest.mark.parametrize("name", ["thread-follow", "thread-read", "thread-names"])
def test_strangers_are_led_to_sign_in(name):
    thread = forum.thread()
    client = browser()
    method = client.get if name == "thread-names" else client.post
    answer = method(reverse(name, args=[thread.pk]))
    assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)


def test_a_place_is_told_and_nonsense_is_a_bad_request():
    thread, person = forum.thread(), forum.person()
    forum.many(thread, 5)
    client = browser(person)
    address = reverse("thread-read", args=[thread.pk])
    assert client.post(address, {"number": "4"}).status_code == 204
    assert client.post(address, {"number": "2"}).status_code == 204
    assert ReadPlace.objects.get().number == 4
    for bad in ("", "-1", "x", "4.5", "٣", "9" * 19, "9" * 5_000, "\x00"):
        assert client.post(address, {"number": bad}).status_code == 400


def test_what_lies_on_other_pages_is_not_read_with_a_late_reply_in_sight():
    thread, person = forum.thread(), forum.person()
    forum.many(thread, 80)
    reply = forum.post(thread, to=thread.posts.get(number=2))
    client = browser(person)
    page = client.get(thread.get_absolute_url()).content.decode()
    assert f"post-{reply.pk}" in page
    places = dict(re.findall(r'data-(after|until)="([\d.]+)"', page))
    assert set(places) == {"after", "until"}
    address = reverse("thread-read", args=[thread.pk])
    assert client.post(address, {"number": reply.number} | places).status_code == 204
    assert ReadPlace.objects.get().number == 49
    client.get(f"{thread.get_absolute_url()}?before=end")
    assert ReadPlace.objects.get().number == reply.number - 1
    for bad in ("x", "1.2", "00000001", "99999999999.00000001", "٠٠٠٠٠٠٠١.00000001", "\x00"):
        assert client.post(address, {"number": "1", "after": bad}).status_code == 400


def test_a_page_without_scripts_counts_as_read():
    thread, person = forum.thread(), forum.person()
    forum.many(thread, 5)
    client = browser(person)
    assert client.get(thread.get_absolute_url()).status_code == 200
    assert ReadPlace.objects.get(person=person).number == 6
    assert browser().get(thread.get_absolute_url()).status_code == 200
    assert ReadPlace.objects.count() == 1


def test_names_are_told_as_data_to_who_is_signed_in():
    thread = forum.thread()
    forum.post(thread, forum.person(display_name='Ann "<b>'))
    client = browser(forum.person())
    address = reverse("thread-names", args=[thread.pk])
    answer = client.get(address, {"q": "an"})
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"].endswith("private")
    assert json.loads(answer.content) == {"names": ['Ann "<b>']}
    assert client.get(address, {"q": "%00\x00'\"<"}).json() == {"names": []}
    assert client.get(address, {"q": "x" * 61}).status_code == 400


@pytest.mark.adversary("G11")
def test_names_cannot_be_collected_without_end(settings, monkeypatch):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(POLICIES, "around", replace(POLICIES["around"], rates={By.PERSON: "5/m"}))
    cache.clear()
    thread = forum.thread()
    client = browser(forum.person())
    address = reverse("thread-names", args=[thread.pk])
    codes = [client.get(address).status_code for _ in range(13)]
    assert codes.count(200) <= 2 * 5  # a minute may end in between
    assert {*codes} == {200, 429}


def test_one_s_own_page_shows_what_is_new_and_costs_the_same_for_three(
    django_assert_max_num_queries,
):
    person = forum.person()
    client = browser(person)
    address = reverse("your-forum")
    assert "You follow no thread yet" in client.get(address).content.decode()
    threads = [forum.thread(title=f"Subject {number}") for number in range(3)]
    counts = []
    for thread in (threads[:1], threads[1:]):
        for each in thread:
            follow_thread(thread=each, person=person, pace="daily")
        with django_assert_max_num_queries(12) as asked:
            page = client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert page["Cache-Control"].startswith("max-age=0")
    text = page.content.decode()
    assert all(f"Subject {number}" in text for number in range(3))
    client.get(threads[0].get_absolute_url())
    forum.many(threads[0], 2)
    assert "2 new since you were here" in client.get(address).content.decode()
    assert client.get(address, {"after": "x"}).status_code == 400
    assert "There are no more" in client.get(address, {"after": "1"}).content.decode()


def test_it_is_found_from_one_s_page():
    page = browser(forum.person()).get("/you/").content.decode()
    assert reverse("your-forum") in page
