"""The level is tested before anybody is served, and never where sockets wait for it."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from realtime import hub
from realtime.sending import levels
from realtime.sending.levels import UNTESTED, Level
from realtime.stopping import stop
from tests.paths import ROOT
from tests.servers import Server

SERVE = """
import os, socket, sys
create_server = socket.create_server

def told(*arguments, **how):
    print("tested", flush=True)
    return create_server(*arguments, **how)

socket.create_server = told
os.environ["DJANGO_SETTINGS_MODULE"] = "engage.settings"
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "serve", "--no-worker"])
"""


@pytest.fixture
def tests(monkeypatch) -> list[threading.Thread]:
    """A process that has tested nothing yet; the threads in which tests are made."""
    found, create_server = [], socket.create_server

    def noted(*arguments, **how):
        found.append(threading.current_thread())
        return create_server(*arguments, **how)

    monkeypatch.setattr(levels, "_now", None)
    monkeypatch.setattr(socket, "create_server", noted)
    return found


async def test_the_first_socket_s_test_is_made_in_a_thread(tests, connect):
    socket = await connect("meeting.7:0")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    assert tests
    assert threading.current_thread() not in tests


async def test_whoever_ends_tests_nothing(tests, connect):
    await stop()
    assert tests == []
    assert hub.here().farewell is not None
    assert levels.known() == UNTESTED


def test_what_fell_during_the_test_stays_down(tests, settings):
    settings.SENDING = 1
    low = Level(0, "no way")
    thread = threading.Thread(target=levels.current)
    with pytest.MonkeyPatch.context() as patch:
        making, create_server = threading.Event(), socket.create_server
        fallen = threading.Event()

        def held(*arguments, **how):
            making.set()
            assert fallen.wait(30)
            return create_server(*arguments, **how)

        patch.setattr(socket, "create_server", held)
        thread.start()
        assert making.wait(30)
        levels.fall(low.number, low.reason)
        fallen.set()
        thread.join()
    assert levels.current() == low


@pytest.fixture
def spoken(tmp_path) -> Iterator[list[str]]:
    """What a server says until it serves."""
    server = Server(tmp_path)
    try:
        server.manage("prepare")
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=ROOT, env=server.environment, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            said = []
            for line in process.stdout:
                said.append(line.split()[0])
                if said[-1] == "Serving":
                    break
            yield said
        finally:
            process.terminate()
            process.communicate()
    finally:
        server.close()


def test_a_server_tests_before_it_says_that_it_serves(spoken):
    assert spoken[-1] == "Serving"
    assert "tested" in spoken
