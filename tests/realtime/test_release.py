"""An old page with a new server: it is told so, and never misunderstood."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from realtime.codes import FOR_GOOD, Code
from realtime.domain.envelope import VERSION
from realtime.release import SCRIPTS, release
from tests.paths import ROOT
from tests.realtime.test_sockets import ORIGIN, close_code, handshake


async def told(socket, count: int) -> list[dict]:
    return [await socket.receive_json_from() for _ in range(count)]


async def open_as(version: str):
    path = f"/ws/?topics=meeting.7:0,meeting.8:0{version and '&v=' + version}"
    socket, accepted, _code = await handshake(ORIGIN, path=path)
    assert accepted
    return socket


@pytest.mark.adversary("B12")
async def test_a_page_of_another_release_is_told_once_after_its_topics(connect):
    socket = await open_as(f"0000000{VERSION:x}")
    marks = [{"t": "meeting.7", "at": 0}, {"t": "meeting.8", "at": 0}]
    assert await told(socket, 3) == [*marks, {"new": True}]
    await socket.send_json_to({"follow": "meeting.9:0"})
    assert await told(socket, 1) == [{"t": "meeting.9", "at": 0}]
    await socket.disconnect()


@pytest.mark.adversary("B12")
@pytest.mark.parametrize("version", ["", "ours"])
async def test_a_page_of_this_release_is_told_nothing(connect, version):
    socket = await open_as(version and release())
    await told(socket, 2)
    assert await socket.receive_nothing()
    await socket.disconnect()


@pytest.mark.adversary("B12")
async def test_a_page_that_speaks_another_envelope_has_to_be_loaded_again(connect):
    socket = await open_as(f"{release()[:7]}{VERSION + 1:x}")
    assert await close_code(socket) == Code.OUTDATED
    assert Code.OUTDATED in FOR_GOOD


def test_a_release_is_that_of_the_scripts():
    assert re.fullmatch(f"[0-9a-f]{{7}}{VERSION:x}", release())
    assert Template("{% load sockets %}{% live_release %}").render(Context()) == release()
    for script in SCRIPTS:
        text, folder = Path(finders.find(script)).read_text(), Path(script).parent
        imported = re.findall(r'(?:from|import\() *"\./(.+?)"', text)
        assert {str(folder / name) for name in imported} <= set(SCRIPTS), script


FOLLOWED = (
    "shell/_socket.html",
    "desk/item.html",
    "desk/queue.html",
    "forums/thread.html",
    "office/imports_one.html",
    "voting/poll.html",
    "voting/poll_manage.html",
)


def test_every_script_of_a_page_that_follows_is_one_of_them():
    following = [t for t in (ROOT / "templates").rglob("*.html") if "_socket.html" in t.read_text()]
    assert {str(t.relative_to(ROOT / "templates")) for t in following} == set(FOLLOWED[1:])
    pages = "".join((ROOT / "templates" / name).read_text() for name in FOLLOWED)
    loaded = set(re.findall(r"<script[^>]* src=\"{% static '(.+?)' %}\"", pages))
    assert {"engage/live.js", "voting/poll.js"} <= loaded <= set(SCRIPTS)
