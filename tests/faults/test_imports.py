"""An import whose workers are killed in the middle ends as if nobody had been."""

import re
import subprocess
import sys
import time

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.faults
ROWS = 30_000
CITY = "from engage.identity.models import *; Area.objects.create(path='t', name='T', kind='city')"
TELL = """
from engage.identity.models import Import, Place
one = Import.objects.get()
print("TOLD", one.state, one.done, one.added, one.changed, one.wrong, Place.objects.count())
"""


def told(server):
    return re.search(r"TOLD (.*)", server.manage("shell", "-c", TELL))[1].split()


def until_under_way(command) -> None:
    said = b""
    while not re.search(rb"\] [1-9][\d,]* of", said):
        said += (more := command.stdout.read1(100))
        assert more, "it ended too soon"


def test_two_workers_killed_in_the_middle(live_server_process, tmp_path):
    server = live_server_process
    server.manage("shell", "-c", CITY)
    file = tmp_path / "places.csv"
    file.write_text("postcode;area\n" + "".join(f"P{i};T\n" for i in range(ROWS)))
    command = subprocess.Popen(
        [sys.executable, "manage.py", "import_places", str(file)],
        cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        until_under_way(command)
    finally:
        command.kill()
        server.kill()
        command.communicate()
    assert told(server)[0] == "running"
    server.start()
    end = time.monotonic() + 90
    while (last := told(server))[0] == "running" and time.monotonic() < end:
        time.sleep(0.5)
    assert last == ["done", str(ROWS), str(ROWS), "0", "0", str(ROWS)]
