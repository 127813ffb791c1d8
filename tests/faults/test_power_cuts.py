"""``kill -9`` of the server at random moments of a real election, ten times: no vote is lost."""

import json
import random
import subprocess
import sys
import time

import pytest

from tests.paths import ROOT, shared

KILLS, BALLOTS = 10, 1_000


@pytest.mark.timeout(400)
@pytest.mark.adversary("A4")
def test_every_promised_ballot_is_in_the_log_once(town, tmp_path):
    """The replay compares its promises with the verified record; its exit code says so."""
    server, rng = town.server, random.Random()
    election = shared("elections", "preflib", "burlington_2009_mayor_00005-00000002.toi")
    replay = subprocess.Popen(
        [sys.executable, "manage.py", "replay", str(election), "--url", server.site,
         "--limit", str(BALLOTS), "--voters", "6", "--record", str(tmp_path / "record.zip")],
        cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    kills = 0
    try:
        while kills < KILLS and replay.poll() is None:
            time.sleep(rng.uniform(0.1, 1.5))
            server.kill()
            kills += 1
            server.start()
        out, told = replay.communicate(timeout=300)
    finally:
        replay.kill()
    assert replay.returncode == 0, told[-3000:]
    last = json.loads(out.splitlines()[-1])
    assert (last["verified"], last["ballots"]) == (True, BALLOTS)
    assert kills == KILLS, "the election was over before the tenth kill"
