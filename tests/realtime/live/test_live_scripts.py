"""The live scripts without a browser: their weight, and what they share with the server."""

import gzip
import re

import pytest
from django.utils import translation

from realtime import codes
from realtime.domain.requests import MAX_TOPICS
from realtime.release import SCRIPTS
from realtime.templatetags.presence import SAMPLES, here_words
from tests.paths import ROOT

MOST_BYTES = 8_000
FOLDER = ROOT / "engage" / "static"
TEXT = "".join((FOLDER / name).read_text() for name in SCRIPTS)


def test_they_are_light():
    assert len(gzip.compress(TEXT.encode(), 9)) <= MOST_BYTES


def test_release_covers_all_that_is_imported():
    imported = {f"engage/{name}" for name in re.findall(r'from "\./(\w+\.js)"', TEXT)}
    assert imported < set(SCRIPTS)


def test_they_end_for_good_after_the_same_codes():
    found = re.search(r"FOR_GOOD = new Set\(\[(.*?)\]\)", TEXT)[1]
    assert {int(code) for code in found.split(",")} == codes.FOR_GOOD


def test_they_follow_no_more_than_a_socket_may():
    assert f"MOST_TOPICS = {MAX_TOPICS};" in TEXT


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sample_has_its_sentence(language):
    with translation.override(language):
        words = dict(re.findall(r'data-n(\d+)="([^"]+)"', here_words()))
    assert list(words) == [str(number) for number in SAMPLES]
    assert all("{n}" in sentence for sentence in words.values())
