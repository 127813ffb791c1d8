"""Whatever stands in a text, a name or an address: pages show it as typed, or say no.

A browser tries the same elsewhere; here every page is read as a browser would parse it.
"""

from html.parser import HTMLParser
from itertools import product

import pytest
from django.utils import timezone

from forums.models import Category, Draft, Post, Revision, Thread
from tests.forums import forum
from tests.forums.views.visits import browser, forget_pages, text_of
from tests.payloads import attacks
from tests.voting import polls

pytestmark = pytest.mark.django_db
RICH = (
    "**a** *b* `c` [d](https://example.org) <https://example.org>\n\n- e\n\n1. f\n\n> g\n\n"
    "    h\n\n# i\n\n## j\n\n### k\n\n| l | m |\n|---|---|\n| n | o |\n\n---\n\nx  \ny"
)


@pytest.fixture(autouse=True)
def no_page_is_kept():
    forget_pages()


class Elements(HTMLParser):
    """The kinds of elements of a page, with the names of their attributes; and where links lead."""

    def __init__(self, page):
        super().__init__()
        self.found, self.links = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        kept = {name for name, _value in attrs if name not in ("aria-invalid", "class")}
        self.found.add((tag, tuple(sorted(kept))))
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


def clean(text):
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def filled(texts):
    """A forum in which every thing that can be named or written says something of ``texts``."""
    texts = [clean(text) for text in texts]
    author = forum.person(display_name=texts[0][:60])
    place = forum.category(
        theme=texts[1 % len(texts)][:60], description=texts[2 % len(texts)][:300]
    )
    Category.objects.filter(pk=place.pk).update(name=texts[0][:80])
    threads = [forum.thread(place, author, title=text[:120], text=text) for text in texts[:12]]
    thread = threads[0]
    for text in texts:
        who = forum.person(display_name=text[:60])
        forum.post(thread, who, text=text)
    root = forum.post(thread, author, text=texts[-1], office=texts[-1][:120])
    reply = forum.post(thread, forum.person(display_name=texts[-1][:60]), to=root)
    forum.post(thread, author, to=root, quotes=reply, text=texts[0])
    Post.objects.filter(pk=root.pk).update(edited_at=timezone.now())
    Revision.objects.create(post=root, text=texts[0] + " before", by=author, shown=True)
    Draft.objects.create(person=author, place=f"thread.{thread.pk}", title="", text=texts[0])
    place_draft = f"category.{place.pk}"
    Draft.objects.create(person=author, place=place_draft, title=texts[0][:120], text=texts[-1])
    return author, place, thread, root


def pages(author, place, thread, root):
    return {
        "front": "/forum/", "category": f"/forum/{place.slug}/", "new": f"/forum/{place.slug}/new/",
        "thread": f"/threads/{thread.pk}/", "last": f"/threads/{thread.pk}/?before=end",
        "reply": f"/threads/{thread.pk}/reply/?to={root.pk}", "more": f"/posts/{root.pk}/more/",
        "history": f"/posts/{root.pk}/history/", "edit": f"/posts/{root.pk}/edit/",
        "drafts": "/you/drafts/", "tend": f"/threads/{thread.pk}/tend/",
        "official": f"/threads/{thread.pk}/official/", "turn": f"/threads/{thread.pk}/turn/",
        "office": "/office/categories/", "office-category": f"/office/categories/{place.pk}/",
    }  # fmt: skip


def everything_at(things):
    author, *_rest = things
    author.is_superuser = True
    author.save()
    client = browser(author)
    return {name: client.get(path) for name, path in pages(*things).items()}


@pytest.mark.adversary("E1", "E3", "E9")
def test_no_text_makes_an_element_of_its_own_on_any_page():
    usual = set()
    for name, answer in everything_at(filled([RICH, "plain", "words"])).items():
        assert answer.status_code == 200, name
        usual |= Elements(text_of(answer)).found
    texts = [text for text in attacks() if clean(text).strip()]
    for start in range(0, min(len(texts), 160), 40):
        for name, answer in everything_at(filled(texts[start : start + 40])).items():
            assert answer.status_code == 200, name
            found = Elements(text_of(answer))
            assert found.found <= usual, (name, found.found - usual)
            safe = ("/", "#", "?", "https://", "http://", "mailto:")
            assert all(not link or link.startswith(safe) for link in found.links)
            assert not any(link.startswith(("//", "/\\")) for link in found.links)


@pytest.mark.adversary("E1")
def test_a_title_stands_in_the_page_s_title_as_typed():
    thread = forum.thread(title="</title><script>alert(1)</script>")
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.adversary("E2", "E12")
@pytest.mark.parametrize("path", ["/forum/preview/", "/threads/{}/reply/"])
def test_a_preview_is_as_clean_as_a_post(path):
    thread, client = forum.thread(), browser(forum.person())
    for text in (
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[" * 20_000,
        "> " * 9_000,
    ):
        answer = client.post(path.format(thread.pk), {"text": text, "act": "preview"})
        assert answer.status_code == 200
        page = text_of(answer)
        preview = page[page.index("This is how it will look") :].partition("</textarea>")[0]
        assert "<script>alert" not in preview and 'href="javascript' not in preview


# ---- Addresses ----

HOSTILE = (
    "1", "0.0.0", "1.99999999999", "9999999999.1", "١.٢", "1.1%00", "%00", "a", "<script>",
    "2147483648.1", "%ff%fe", "1.2&after=3.4&after=x", "' OR 1=1 --", "1." + "9" * 5_000,
    "x" * 1_000_000,
)  # fmt: skip


@pytest.mark.adversary("E8", "F6")
@pytest.mark.parametrize("name", ["after", "before", "at", "to", "lang", "sort"])
def test_no_parameter_breaks_a_page_or_is_echoed(name):
    thread = forum.thread()
    forum.many(thread, 60)
    known, stranger = browser(forum.person()), browser()
    ways = [f"/threads/{thread.pk}/", f"/forum/{thread.category.slug}/", "/forum/",
            f"/threads/{thread.pk}/reply/", f"/posts/{forum.first(thread).pk}/"]  # fmt: skip
    for value, path in product(HOSTILE, ways):
        query = f"{name}={value}&{name}[]=1&{name}=2" if len(value) % 2 else f"{name}={value}"
        for client in (known, stranger) if len(value) < 9 else (known,):
            answer = client.get(f"{path}?{query}")
            assert answer.status_code in (200, 302, 400, 404), (path, query[:60])
            assert "<script>alert" not in text_of(answer)


@pytest.mark.adversary("E8")
@pytest.mark.parametrize("name", ["after", "before", "at"])
def test_places_that_are_none_are_said_so(name):
    thread = forum.thread()
    for value in ("a", "1.2.3", "-1", "9999999999.1", "1%00"):
        assert browser().get(f"/threads/{thread.pk}/?{name}={value}").status_code == 400


@pytest.mark.adversary("E8")
def test_numbers_of_things_that_are_none_are_not_there():
    client = browser(polls.person(is_superuser=True))
    for key in ("0", "9" * 30, "9" * 5_000, "1" * 18):
        for path in ("threads/{}/", "threads/{}/reply/", "threads/{}/tend/", "posts/{}/",
                     "posts/{}/more/", "posts/{}/edit/", "posts/{}/history/",
                     "office/categories/{}/"):  # fmt: skip
            assert client.get("/" + path.format(key)).status_code == 404, path


@pytest.mark.adversary("E8")
def test_no_form_breaks_over_what_is_posted():
    thread, client = forum.thread(), browser(polls.person(is_superuser=True))
    post = forum.first(thread)
    paths = [
        f"/forum/{thread.category.slug}/new/", f"/threads/{thread.pk}/reply/", "/forum/preview/",
        f"/threads/{thread.pk}/official/", f"/threads/{thread.pk}/tend/", "/office/categories/new/",
        f"/threads/{thread.pk}/turn/", f"/posts/{post.pk}/react/", "/you/drafts/keep/",
    ]  # fmt: skip
    for value in ("\0", "a\0b", "\ud800", "x" * 60_000, "", "-1", "9" * 40, "[]", "%00"):
        fields = dict.fromkeys(
            ("title", "text", "attempt", "to", "office", "place", "kind", "on", "slow", "category",
             "duplicate_of", "pinned", "name", "slug", "area", "level", "position", "act"), value
        )  # fmt: skip
        for path in paths:
            body = "&".join(f"{name}={_quoted(text)}" for name, text in fields.items())
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code < 500, (path, value[:20])
    assert Thread.objects.count() == 1 or "\0" not in Thread.objects.latest("pk").title


def _quoted(text):
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
