"""What pages, data and sockets tell strangers of people, and what they ask of others: nothing.

Every address of the URL conf is asked for, so that none is forgotten.
"""

import io
import logging
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from engage.domain.topics import Topic
from engage.identity.models import User
from engage.journal.models import Entry
from realtime.topics import KINDS
from tests import rights
from tests.everywhere import spellings
from tests.filled_forms import forms_of
from tests.filled_talk import UNSHOWN as STANDINGS
from tests.filled_town import Town, filled, routes
from tests.paths import ROOT

pytestmark = pytest.mark.django_db
STRANGERS = ("anonymous", "participant")
STATES = ("", "coming", "decided")
PLACES = ("account", "staff")
EVERY_STATE = (*STATES, "draft", *PLACES, *STANDINGS)
SIGNED = frozenset(
    {"thread", "thread-feed", "forum-feed", "category", "category-feed", "post-more"}
)
"""Where what people write in public stands under the name that they chose; nowhere else does it."""
UNSHOWN = (
    *(f"Words that are {standing} by now".encode() for standing in STANDINGS),
    *(f"{what} place-{place}".encode() for what in ("Words in", "In") for place in PLACES),
)
"""What strangers read in no place: texts that do not stand, and places for some."""
FOUND = {route.name: route for route in routes()}
PARTS = ("file", "photo", "image", "picture", "picture_file", "attachment")
ADDRESS = "203.0.113.77"
MAIL = re.compile(rb"[\w.+-]+@[\w-]+(\.[\w-]+)+")
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
LOADED = {
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "ping",
    "manifest",
}
"""Attributes from which a browser loads, or to which it sends; a link is only followed."""


@pytest.fixture
def town():
    return filled()


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "django.request")


def answers(town: Town, person: str):
    """(path, answer) of every address, for things in every state that strangers may see."""
    for _route, path, answer in routed_answers(town, person, STATES):
        yield path, answer


def routed_answers(town: Town, person: str, states: tuple[str, ...] = EVERY_STATE):
    """(route, path, answer) of every address, by itself for things in every state there is."""
    for route in routes():
        for path in sorted({town.path(route, state) for state in states}):
            yield route, path, town.ask(person, "GET", path, REMOTE_ADDR=ADDRESS)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def without_the_asking(path: str, text: bytes) -> bytes:
    """What was asked for is known to whoever asks, and stands in links that lead back."""
    for spelt in {path, quote(path), quote(path, safe="")}:
        text = text.replace(spelt.encode(), b"")
    return text


@pytest.mark.adversary("J6")
@pytest.mark.parametrize("person", STRANGERS)
def test_strangers_read_no_address_no_key_and_no_name_but_of_who_wrote_in_public(town, person):
    for number, each in enumerate(User.objects.all()):
        User.objects.filter(pk=each.pk).update(display_name=f"Quillon-{number}-")
    people = list(User.objects.all())
    signed = User.objects.get(pk=town.people["author"].pk).display_name.encode()
    wanted = [each.email.encode() for each in people if each.email]
    wanted += [each.display_name.encode() for each in people]
    wanted += [spelt for each in people for spelt in spellings(each.pk)]
    wanted += [b"Mill Lane", ADDRESS.encode(), *UNSHOWN]
    told, names = {}, set()
    for route, path, answer in routed_answers(town, person):
        text = without_the_asking(path, body(answer))
        hits = [each for each in wanted if each in text]
        hits += [hit[0] for hit in MAIL.finditer(text) if b"/static/" not in hit[0]]
        if route.name in SIGNED and signed in hits:
            names.add(route.name)
            hits.remove(signed)
        if hits or b"<!--" in text:
            told[path] = hits
    assert told == {}
    assert names == SIGNED


@pytest.mark.adversary("J6")
def test_neither_the_journal_nor_a_gauge_tells_of_anybody(town):
    people = list(User.objects.all())
    keys = [spelt for each in people for spelt in spellings(each.pk)]
    words = [each.email.encode() for each in people if each.email]
    entries = list(Entry.objects.all())
    assert entries
    told = [repr((entry.topic, entry.kind, entry.data)) for entry in entries]
    parts = defaultdict(set)
    for entry in entries:
        parts[entry.topic].add(KINDS[entry.topic.partition(".")[0]].part(entry.kind, entry.data))
    for topic, changed in parts.items():
        kind = KINDS[topic.partition(".")[0]]
        told.append(repr(kind.gauges(Topic.parse(topic))))
        told += kind.html(Topic.parse(topic), changed).values() if kind.html else []
    found = [(each, text) for text in told for each in keys + words if each in text.encode()]
    assert found == []


WHERE = b"GPSLatitude 51.5072"


def photo() -> bytes:
    """A photo as a camera makes it, with the place where it was taken."""
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x010E] = WHERE.decode()
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.mark.adversary("J7")
@pytest.mark.parametrize("doer", ["operator", "author"])
def test_no_photo_keeps_where_it_was_taken(town, doer):
    """Sent to every form under every name; those that are taken have nothing of the camera's."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert [field for field in fields if isinstance(field, FileField)] == []
    assert settings.MEDIA_ROOT == ""
    forms, kept, taken, sent = forms_of(town), [], [], photo()
    assert WHERE in sent
    for entry, methods in rights.ROUTES.items():
        if "POST" not in methods:
            continue
        route, variant = FOUND[entry.partition("@")[0]], entry.partition("@")[2]
        files = {part: SimpleUploadedFile("photo.jpg", sent, "image/jpeg") for part in PARTS}
        typed = forms.get(entry, forms.get(route.name, {})) | files | {"picture_alt": "Far"}
        whole = encode_multipart(BOUNDARY, typed)
        path, client = town.path(route, variant), town.browser(doer)
        _answer, rows = town.try_out(client, "POST", path, whole, MULTIPART_CONTENT)
        kept += [entry] * (WHERE in repr(rows).encode())
        pictures = rows["forums.Picture"].values()
        taken += [entry] * any(each["alt"] == "Far" for each in pictures)
    assert kept == []
    assert "picture-new" in taken


class Loads(HTMLParser):
    """Everything that a page loads or sends somewhere."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in LOADED or (tag == "link" and name == "href"):
                self.found.append(value or "")


def is_ours(target: str) -> bool:
    parts = urlsplit(target)
    origin = f"{parts.scheme}://{parts.netloc}"
    ours = (settings.SITE_ORIGIN, settings.BOOTH_ORIGIN)
    return parts.scheme == "data" or not parts.netloc or origin in ours


@pytest.mark.adversary("J8")
@pytest.mark.parametrize("person", ["anonymous", "resident", "administrator", "organiser-here"])
def test_no_page_loads_from_anybody_else_or_may(town, person):
    foreign = {}
    for path, answer in answers(town, person):
        if "html" not in answer.get("Content-Type", ""):
            continue
        page = Loads()
        page.feed(body(answer).decode())
        loads = [each for each in page.found if not is_ours(each)]
        policy = answer.get("Content-Security-Policy", "")
        loads += [each for each in re.findall(r"(?:https?|wss?)://[^\s;]+", policy)
                  if not is_ours(re.sub("^ws", "http", each))]  # fmt: skip
        if loads or "default-src 'none'" not in policy:
            foreign[path] = loads
    assert foreign == {}


@pytest.mark.adversary("J8")
def test_no_script_or_stylesheet_of_ours_names_another_place():
    ours = (ROOT / "engage" / "static", ROOT / "voting" / "static")
    named = {}
    for path in (path for folder in ours for path in folder.rglob("*.*")):
        if path.suffix in (".js", ".css", ".svg"):
            text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(), flags=re.S | re.M)
            text = text.replace("http://www.w3.org/", "")
            if hits := re.findall(r"(?:https?:|wss?:)?//[\w-]+\.[\w.-]+", text):
                named[str(path.relative_to(ROOT))] = hits
    assert named == {}
    assert find("engage/live.js")


@pytest.mark.adversary("J8")
def test_reading_sets_no_cookie_that_would_need_a_banner(town):
    given = {}
    for route in routes():
        path = town.path(route)
        client = Client(headers={"Accept": "text/html"}, raise_request_exception=False)
        names = set(client.get(path).cookies) - COOKIES
        if names:
            given[path] = names
    assert given == {}


def test_the_tree_has_no_tracker():
    """Neither templates nor settings name anybody who counts visitors."""
    words = re.compile(r"google|matomo|plausible|gtag|analytics|facebook|cloudflare|unpkg|jsdelivr")
    files = [*(ROOT / "templates").rglob("*.html"), Path(ROOT / "engage" / "settings.py")]
    assert [str(path) for path in files if words.search(path.read_text().lower())] == []
