"""``kill -9`` of PostgreSQL in a storm of ballots: what was promised is there when it is back."""

import json
import os
import random
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.services import accepts, postgres, unprivileged

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL"), reason="SQLite is a file: it cannot be killed"
)


class Cluster:
    """A PostgreSQL server of this test's own, to be killed and started again as it was."""

    def __init__(self, url: str):
        self.url = url
        with psycopg.connect(url) as connection:
            # The tests' own servers do not write through; one that is killed must.
            connection.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = on")
            (folder,) = connection.execute("SHOW data_directory").fetchone()
        self.pid = int((Path(folder) / "postmaster.pid").read_text().split()[0])
        self.command = Path(f"/proc/{self.pid}/cmdline").read_text().split("\0")[:-1]
        self.folder = Path(folder)
        self.again: subprocess.Popen | None = None

    def kill(self) -> None:
        """The postmaster and every process of it, this instant."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)  # or its lock file would name a process that is still there
        while any(_alive(int(pid)) for pid in children):
            time.sleep(0.05)

    def start(self) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        folder = self.folder.parent
        self.again = subprocess.Popen(self.command, cwd=folder, **quiet, **unprivileged())
        self.pid = self.again.pid
        while not accepts(self.url):
            time.sleep(0.1)

    def stop(self) -> None:
        if self.again:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(30)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def cluster(request):
    """Named in the environment before the town of this module starts, so that it lives there."""
    with postgres() as names, pytest.MonkeyPatch.context() as patch:
        for name, url in names.items():
            patch.setenv(name, url)
        own = Cluster(names["DATABASE_URL"])
        yield own
        own.stop()


def cast_until_taken(town, key, raws):
    """As a voter's client does: again and again the same bytes. Returns the refusals on the way."""
    refusals = []
    for raw in raws:
        while (answer := town.cast(key, raw)).status != 202:
            refusals.append(answer)
            time.sleep(random.uniform(0.1, 0.4))
        time.sleep(0.05)
    return refusals


@pytest.mark.adversary("A5")
@pytest.mark.timeout(200)
def test_what_was_promised_before_the_database_was_killed_is_there_afterwards(cluster, request):
    town = request.getfixturevalue("town")
    key = town.poll()
    manifest = town.manifest(key)
    raws = [town.voter(manifest).ballot("abc"[number % 3]) for number in range(60)]
    with ThreadPoolExecutor(4) as pool:
        voters = [pool.submit(cast_until_taken, town, key, raws[n::4]) for n in range(4)]
        time.sleep(0.4)
        cluster.kill()
        away = time.monotonic()
        told = [town.get(f"/polls/{key}/{path}") for path in ("", "pass", "tally.json")]
        time.sleep(1)
        cluster.start()
        refusals = [answer for voter in voters for answer in voter.result(timeout=90)]
    assert time.monotonic() - away < 30
    for answer in [*refusals, *told]:
        assert (answer.status, answer.code) == (503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
    assert refusals
    town.wait(lambda: json.loads(town.get(f"/polls/{key}/tally.json").body)["ballots"] == 60)
    assert [entry["type"] for entry in town.entries(key)].count("ballot") == 60
    town.act(key, "polls.closed_by_hand(poll)")
    town.wait(lambda: town.state(key) == "decided")
