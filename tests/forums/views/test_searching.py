"""The search page: for everybody, by question and filters, never broken and never endless."""

from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engage.moderation.domain.standing import Standing
from forums.models import Post
from forums.search.finding import A_PAGE
from tests.forums import forum
from tests.forums.payloads import everything

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


def asked(client=None, **query):
    return (client or Client(headers=HTML)).get(reverse("forum-search"), query)


def shown(client=None, **query):
    answer = asked(client, **query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def named(place, slug, name):
    place.slug, place.name = slug, name
    place.save()
    return place


def results(page):
    return page.partition('<ol class="listing results">')[2].partition("</ol>")[0]


def test_hits_are_marked_and_lead_to_their_place():
    thread = forum.thread(title="The river & the bench", text="We sit by the river all day.")
    page = results(shown(q="river"))
    assert "The <mark>river</mark> &amp; the bench" in page
    assert "We sit by the <mark>river</mark> all day." in page
    assert reverse("post", args=[forum.first(thread).pk]) in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "What are you looking for?"), ({"q": "castle"}, "Nothing found"),
        ({"q": "-river"}, "There is no word to look for"), ({"q": "..."}, "There is no word"),
    ],
)  # fmt: skip
def test_where_nothing_is_found_the_page_says_what_to_do(query, words):
    forum.thread(title="River")
    assert words in shown(**query)


def test_filters_and_pages_are_kept_in_the_links():
    place = named(forum.category(), "parks", "Parks")
    thread = forum.thread(place, text="lantern")
    forum.thread(text="lantern elsewhere")
    for number in range(A_PAGE + 1):
        forum.post(thread, text=f"lantern {number}")
    page = shown(q="lantern", category="parks", since="31")
    assert "elsewhere" not in results(page)
    assert 'rel="next"' in page
    assert "q=lantern&amp;category=parks&amp;since=31&amp;page=2" in page
    second = shown(q="lantern", category="parks", since="31", page="2")
    assert results(second).count("<li>") == 2
    assert 'rel="prev"' in second


@pytest.mark.adversary("E8")
@pytest.mark.adversary("D7")
@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 201}, {"q": "x" * 1_000_000}, {"q": "a", "page": "0"}, {"q": "a", "page": "11"},
        {"q": "a", "page": "x"}, {"q": "a", "category": "none"}, {"q": "a", "since": "8"},
        {"q": "a", "category": "author__email"}, {"q": "a\x00b"}, {"q": "a", "page": "1" * 5000},
    ],
    ids=lambda query: str(query)[:40],
)  # fmt: skip
def test_what_the_page_cannot_have_sent_is_a_bad_request(query):
    assert asked(**query).status_code == 400


@pytest.mark.adversary("E8")
def test_unknown_columns_arrays_and_broken_letters_change_nothing():
    forum.thread(title="River")
    client = Client(headers=HTML)
    for query in ("q=river&order=author__password&author__email=a", "q[]=x&q=river", "q=a&q=river"):
        assert "<mark>River</mark>" in client.get(f"/forum/search/?{query}").content.decode()
    assert client.get("/forum/search/?q=%ff%fe%80").status_code == 200


def test_a_category_that_one_may_not_know_of_is_no_choice():
    named(forum.category(readers="staff"), "inner", "Inner affairs")
    assert asked(q="a", category="inner").status_code == 400
    assert "Inner affairs" not in shown()


@pytest.mark.adversary("D6")
def test_stranger_resident_and_moderator_find_the_same_of_what_is_held_or_hidden():
    place, author = forum.category(), forum.person()
    thread = forum.thread(place)
    post = forum.post(thread, author, text="lantern")
    people = [None, forum.person(), author, forum.moderator(), forum.person(is_superuser=True)]
    for standing in Standing:
        Post.objects.filter(pk=post.pk).update(standing=standing)
        for person in people:
            client = Client(headers=HTML)
            if person:
                client.force_login(person)
            found = "<mark>lantern</mark>" in shown(client, q="lantern")
            assert found == (standing == Standing.SHOWN)


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, tuple(sorted(dict(attributes)))))


@pytest.mark.adversary("E1")
def test_whatever_is_asked_or_found_is_shown_as_words():
    usual = {*Elements(shown(q="castle")).found}
    for text in everything()[::7]:
        if len(text) <= 200:
            assert {*Elements(shown(q=text)).found} <= usual | {("bdi", ()), ("mark", ())}, text
    author = forum.person(display_name="<script>alert(1)</script>")
    forum.thread(title="lantern <img src=x onerror=alert(1)>", text="lantern plain", author=author)
    usual = {*Elements(shown(q="lantern")).found}
    for text in everything()[::11]:
        thread = forum.thread(title=f"balcony {text}"[:120], text=f"balcony {text}")
        assert {*Elements(shown(q="balcony")).found} <= usual, text
        thread.posts.all().delete()


def test_a_page_of_three_hits_asks_as_much_as_one_of_one():
    client, counts = Client(headers=HTML), []
    for more in (1, 2):
        for _ in range(more):
            forum.thread(title="River")
        with CaptureQueriesContext(connection) as queries:
            assert shown(client, q="river").count("<mark>River</mark>") == more + (more == 2)
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.adversary("G11")
def test_results_are_for_readers_and_not_for_machines():
    answer = asked(q="river")
    assert answer["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("G10")
@pytest.mark.adversary("G11")
def test_fifty_at_once_are_limited_and_the_question_is_kept(at_once, settings):
    settings.RATELIMIT_ENABLE = True
    cache.clear()
    forum.thread(title="River")
    answers = at_once(lambda _: asked(q="river bench"), 50)
    codes = [answer.status_code for answer in answers]
    assert {*codes} == {200, 429}
    assert codes.count(200) <= 30 * 2  # a window may end in between
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 60
    page = refused.content.decode()
    assert 'value="river bench"' in page
    assert "listing results" not in page
    assert asked().status_code == 200  # asking nothing costs nothing
