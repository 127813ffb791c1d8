"""The live scripts without a browser: their weight, and what they share with the server."""

import gzip
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from realtime import codes
from realtime.domain.requests import MAX_TOPICS
from realtime.release import SCRIPTS
from realtime.templatetags.presence import SAMPLES, here_words
from tests.paths import ROOT

MOST_BYTES = 10_200
FOLDER = ROOT / "engage" / "static"
LIVE = ("engage/live.js", "engage/parts.js", "engage/saying.js", "engage/topic.js")
TEXT = "".join((FOLDER / name).read_text() for name in LIVE)


def test_they_are_light():
    assert len(gzip.compress(TEXT.encode(), 9)) <= MOST_BYTES


def test_release_covers_all_that_is_imported():
    imported = {f"engage/{name}" for name in re.findall(r'from "\./(\w+\.js)"', TEXT)}
    assert imported < set(LIVE) < set(SCRIPTS)


def test_the_line_says_when_the_page_was_made():
    """In a way that a script can read; live.js takes it for the age of a kept page."""
    at = datetime(2026, 5, 4, 19, 38, 7, tzinfo=ZoneInfo("Europe/Vienna"))
    html = render_to_string("shell/_connection.html", {"at": at})
    assert ".conn time" in TEXT
    line = re.search(r'<p class="conn .*?</p>', html, re.DOTALL)[0]
    written = re.search(r'<time datetime="(.+?)">', line)[1]
    assert datetime.fromisoformat(written) == at


def test_they_end_for_good_after_the_same_codes():
    found = re.search(r"FOR_GOOD = new Set\(\[(.*?)\]\)", TEXT)[1]
    assert {int(code) for code in found.split(",")} == codes.FOR_GOOD


def test_every_page_that_follows_says_when_its_sign_in_has_ended():
    folder = ROOT / "templates"
    pages = [file for file in folder.rglob("*.html") if "shell/_socket.html" in file.read_text()]
    assert pages
    for page in pages:
        included = re.findall(r'include "([^"]+)"', page.read_text())
        parts = [page, *(folder / name for name in included)]
        assert any("shell/_signed_out.html" in part.read_text() for part in parts), page


def test_they_follow_no_more_than_a_socket_may():
    assert f"MOST_TOPICS = {MAX_TOPICS};" in TEXT


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sample_has_its_sentence(language):
    with translation.override(language):
        words = dict(re.findall(r'data-n(\d+)="([^"]+)"', here_words()))
    assert list(words) == [str(number) for number in SAMPLES]
    assert all("{n}" in sentence for sentence in words.values())
