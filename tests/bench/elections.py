"""A real election through the server, on SQLite and on PostgreSQL with Redis."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Figure
from tests.paths import SHARED

ELECTION = SHARED / "elections" / "preflib" / "debian_2002_leader_00002-00000001.soi"
REPLAY = [sys.executable, "manage.py", "replay"]


def figures(election: Path | None) -> list[Figure]:
    """Seconds of a whole replay become ballots a second; the limit is its casting phase alone."""
    file = election or ELECTION
    if not file.exists():
        print(f"{file.name} is not here; no replay was measured", file=sys.stderr)
        return []
    services = [sys.executable, "-m", "tests.services", "--"]
    found = []
    for name, prefix in (("SQLite", []), ("PostgreSQL and Redis", services)):
        told = _replay([*prefix, *REPLAY, str(file)])
        whole = told["ballots"] / told["seconds"]
        title = f"replay on {name}: {told['ballots']:,} ballots in {told['seconds']} s"
        found.append(Figure(title, whole, "casting alone", told["casts_per_s"]))
    return found


def _replay(command: list[str]) -> dict:
    apart = ("DATA_DIR", "DATABASE_URL", "BALLOTS_DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in apart}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])
