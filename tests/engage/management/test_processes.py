"""Processes side by side: whoever dies is started again, and all end together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT

PATIENCE_S = 60
# Says in a file that it lives, and in another that it was told to end.
LIVE = """
import os, pathlib, signal, sys, time
mine = pathlib.Path(sys.argv[1], str(os.getpid()))
def end(*_):
    mine.with_suffix(".told").touch()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
mine.touch()
while True:
    time.sleep(60)
"""
THREE = """
import sys
from engage.management.processes import run_side_by_side
run_side_by_side([[sys.executable, "-c", *sys.argv[1:]]] * 3)
"""


def started(folder: Path) -> set[int]:
    return {int(path.name) for path in folder.iterdir() if path.suffix == ""}


def until(holds) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def parent(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", THREE, LIVE, tmp_path], cwd=ROOT)
    yield process
    process.kill()
    process.wait()


def test_those_that_die_together_all_come_back_and_all_are_told_of_the_end(parent, tmp_path):
    until(lambda: len(started(tmp_path)) == 3)
    first = started(tmp_path)
    for process in first:
        os.kill(process, signal.SIGKILL)
    until(lambda: len(started(tmp_path)) == 6)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(PATIENCE_S) == 0
    told = {int(path.stem) for path in tmp_path.glob("*.told")}
    assert told == started(tmp_path) - first


def test_the_end_is_told_also_while_one_is_being_started(parent, tmp_path):
    until(lambda: started(tmp_path))
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(PATIENCE_S) == 0
    for process in started(tmp_path):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
