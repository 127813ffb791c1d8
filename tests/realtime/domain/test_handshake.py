"""What a page's address asks for, read strictly."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from realtime.domain.handshake import html_language, parse_handshake
from realtime.domain.requests import Follow

LANGUAGES = ("en", "de", "pt-br")


def parse(**said):
    return parse_handshake(urlencode(said).encode(), LANGUAGES, "en")


def test_an_address_as_our_page_writes_it():
    found = parse(topics="poll.7:12,thread.8", lang="de", v="0123abc1", me="0123456789abcdef")
    assert found.places == [Follow(Topic("poll", "7"), 12), Follow(Topic("thread", "8"), None)]
    assert (found.language, found.release) == ("de", "0123abc1")
    assert found.mark == "0123456789abcdef"
    assert parse(topics="poll.7").mark == ""


@pytest.mark.parametrize(
    ("asked", "html", "given"),
    [("de", "", "de"), ("en-GB", "", "en"), ("de-CH-1996", "", "de"), ("pt-br", "", "pt-br"),
     ("fr", "", "en"), ("", "", "en"), ("../../etc", "", "en"), ("de", "1", "de"), ("de", "0", "")],
)  # fmt: skip
def test_html_comes_in_a_language_we_have(asked, html, given):
    assert html_language(asked, html, LANGUAGES, "en") == given
    said = {name: value for name, value in (("lang", asked), ("html", html)) if value}
    assert parse(topics="poll.7", **said).language == given


@given(st.text(max_size=30), st.text(max_size=3))
def test_nothing_else_is_ever_a_language(asked, html):
    assert html_language(asked, html, LANGUAGES, "en") in {*LANGUAGES, ""}


@pytest.mark.adversary("B6", "F10")
@given(st.binary(max_size=5000))
def test_anything_at_all_is_read_or_refused(query):
    try:
        parse_handshake(query, LANGUAGES, "en")
    except DomainError as refusal:
        assert refusal.code in {"socket.malformed", "socket.too-long"}


@pytest.mark.parametrize("release", ["x", "0123ABC1", "0123abc", "0123abc12", "' or 1=1", "é"])
def test_a_release_that_no_page_of_ours_has_is_refused(release):
    with pytest.raises(DomainError, match="not understood"):
        parse(topics="poll.7", v=release)


@pytest.mark.parametrize("mark", ["x", "0123456789ABCDEF", "0" * 15, "0" * 17, "é" * 16])
def test_a_mark_that_no_page_of_ours_has_is_refused(mark):
    with pytest.raises(DomainError, match="not understood"):
        parse(topics="poll.7", me=mark)


@pytest.mark.parametrize("twice", ["lang=de&lang=en", "v=0123abc1&v=0123abc1", "html=0&html=1"])
def test_nothing_is_said_twice(twice):
    with pytest.raises(DomainError, match="not understood"):
        parse_handshake(f"topics=poll.7&{twice}".encode(), LANGUAGES, "en")
