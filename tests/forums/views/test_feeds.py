"""Feeds: valid Atom, for strangers only, of what is shown at this moment."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from engage.domain.sanitise.markdown import TAGS
from engage.moderation.domain.standing import Standing
from engage.web.limits import POLICIES, By
from forums.models import Category, Post, Thread
from forums.services.showing import let_post_stand
from tests.forums import forum
from tests.forums.payloads import everything

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feeds(thread):
    return [
        reverse("forum-feed"),
        reverse("category-feed", args=[thread.category.slug]),
        reverse("thread-feed", args=[thread.pk]),
    ]


def elements(html):
    return {name.lower() for name in re.findall(r"</?([a-zA-Z][^\s/>]*)", html)}


def read(address, **headers):
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def texts(feed, name):
    return [element.text or "" for element in feed.iterfind(f"{ATOM}entry/{ATOM}{name}")]


def test_each_feed_says_what_atom_asks_for():
    thread = forum.thread(title="Benches & more", text="See [it](/polls/) *now*.")
    post = forum.first(thread)
    for address in feeds(thread):
        feed = read(address)
        for name in ("id", "title", "updated"):
            assert feed.findtext(ATOM + name)
            assert texts(feed, name)
        ids = [feed.findtext(f"{ATOM}id"), *texts(feed, "id")]
        assert len({*ids}) == len(ids)
        assert all(one.startswith("http://127.0.0.1:8000/") for one in ids)
        links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
        assert links["self"].endswith(address)
        (entry,) = feed.iterfind(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "Benches & more"
        assert entry.find(f"{ATOM}link").get("href").endswith(post.get_absolute_url())
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert "<em>now</em>" in content.text
        assert 'href="http://127.0.0.1:8000/polls/"' in content.text
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A resident"


def test_nothing_but_the_name_shown_to_others_is_told_of_people():
    author = forum.person(display_name="Ann Lee")
    thread = forum.thread(author=author)
    for address in feeds(thread):
        body = Client().get(address).content.decode()
        assert "<name>Ann Lee</name>" in body
        assert author.email not in body
        assert str(author.pk) not in body


@pytest.mark.adversary("D6")
@pytest.mark.parametrize("standing", [s for s in Standing if s != Standing.SHOWN])
def test_what_is_not_shown_is_gone_from_the_next_answer(standing):
    thread = forum.thread(text="First words.")
    post = forum.post(thread, text="Second words.")
    etags = {address: Client().get(address)["ETag"] for address in feeds(thread)}
    let_post_stand(str(post.pk), standing)
    for address, etag in etags.items():
        answer = Client().get(address, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert "Second words." not in answer.content.decode()
    let_post_stand(str(forum.first(thread).pk), standing)
    codes = [Client().get(address).status_code for address in feeds(thread)]
    assert codes == [200, 200, 404]
    assert "First words." not in Client().get(reverse("forum-feed")).content.decode()


@pytest.mark.adversary("D6")
@pytest.mark.parametrize("readers", ["account", "staff"])
def test_what_strangers_may_not_read_has_no_feed_for_anybody(readers):
    thread = forum.thread(forum.category(readers=readers), text="Inner words.")
    for person in (None, forum.person(), forum.person(is_superuser=True)):
        client = Client()
        if person:
            client.force_login(person)
        answers = [client.get(address) for address in feeds(thread)]
        assert [answer.status_code for answer in answers] == [200, 404, 404]
        assert all("Inner words." not in answer.content.decode() for answer in answers)
        assert all(thread.title not in answer.content.decode() for answer in answers)
    Category.objects.update(readers="everyone")
    assert Client().get(feeds(thread)[1]).status_code == 200


def test_whoever_asks_again_is_told_that_nothing_changed():
    thread = forum.thread()
    for address in feeds(thread):
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "public, no-cache"
        assert not first.cookies
    forum.post(thread)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_same_for_every_language_and_every_reader():
    thread = forum.thread()
    client = Client()
    client.force_login(forum.person())
    for address in feeds(thread):
        plain = Client().get(address).content
        assert Client().get(address, headers={"Accept-Language": "de"}).content == plain
        assert client.get(address).content == plain


@pytest.mark.adversary("E1")
def test_whatever_stands_in_a_text_or_a_name_the_feed_is_xml_and_the_html_clean():
    thread = forum.thread()
    for text in everything()[::3]:
        Post.objects.exclude(first=True).delete()
        Thread.objects.filter(pk=thread.pk).update(title=text[:120])
        author = forum.person(display_name=text[:60])
        forum.post(thread, author, text=text, office=text[:100])
        feed = read(reverse("thread-feed", args=[thread.pk]))
        for html in texts(feed, "content"):
            assert elements(html) <= TAGS
            assert not re.search(r'<a href="(?!https?:|mailto:|#)', html)
        assert {element.tag for element in feed.iter()} <= {
            ATOM + name
            for name in "feed id title updated link author name entry published content".split()
        }


def test_a_feed_of_thirty_asks_as_much_as_one_of_one(django_assert_num_queries):
    thread = forum.thread()
    for number in (0, 40):
        forum.many(thread, number)
        with django_assert_num_queries(1):
            feed = read(reverse("forum-feed"))
        with django_assert_num_queries(2):
            read(reverse("thread-feed", args=[thread.pk]))
    assert len(texts(feed, "id")) == 30


@pytest.mark.adversary("G11")
def test_feeds_are_limited(settings, monkeypatch):
    settings.RATELIMIT_ENABLE = True
    monkeypatch.setitem(POLICIES, "feed", replace(POLICIES["feed"], rates={By.PERSON: "5/m"}))
    cache.clear()
    codes = [Client().get(reverse("forum-feed")).status_code for _ in range(13)]
    assert codes.count(200) <= 2 * 5  # a minute may end in between
    assert {*codes} == {200, 429}


def test_an_empty_feed_is_one_too():
    feed = read(reverse("forum-feed"))
    assert feed.findtext(f"{ATOM}updated")
    assert not texts(feed, "id")


def test_pages_tell_of_their_feeds():
    thread = forum.thread()
    pages = ["/forum/", thread.category.get_absolute_url(), thread.get_absolute_url()]
    for page, address in zip(pages, feeds(thread), strict=True):
        text = Client(headers={"Accept": "text/html"}).get(page).content.decode()
        assert f'<link rel="alternate" type="application/atom+xml" href="{address}"' in text
