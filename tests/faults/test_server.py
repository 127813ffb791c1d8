"""A server that is killed comes back on the same data; one that is asked to end does so at once."""

import time

import pytest

pytestmark = pytest.mark.faults


def test_a_killed_server_comes_back_on_the_same_data(live_server_process):
    server = live_server_process
    server.kill()
    assert not server.is_ready()
    server.start()
    assert server.is_ready()


def test_a_server_asked_to_end_does_so_without_a_word(live_server_process):
    server = live_server_process
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    assert "Traceback" not in server.log()


def test_the_log_holds_no_address(live_server_process):
    assert live_server_process.is_ready()
    assert "127.0.0.1" not in live_server_process.log().replace(live_server_process.site, "")
