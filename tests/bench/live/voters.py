"""Two hundred voters beside two thousand readers: by the slot, and by the view behind it.

Every ballot is a real one, with a pass of its own. A ballot counts when the answer came, and the
answer comes after the commit; the box is counted afterwards.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import connections

from tests.bench import stage
from tests.bench.live import servers
from tests.bench.live.lab import Lab, Server
from tests.bench.live.machine import watched
from tests.bench.live.rounds import Round, both, in_turns
from tests.bench.live.servers import Kind
from tests.voting.crowds import ballots_of
from voting.board.models import Intake, Leaf
from voting.models import IssuerKey

VOTERS = 200
TALLIES_A_SECOND = 10


def voters(lab: Lab, readers: int, rounds: int, seconds: float, most: int) -> Iterator[Round]:
    """``most`` is the fastest that anybody could be, in ballots a second."""
    poll, file = lab.folder / "poll", lab.folder / "ballots"
    if not file.exists():
        poll.write_text(str(_write_ballots(file, int(most * seconds))))
    key = UUID(poll.read_text())
    box = f"/booth/{key}/ballots"

    def act(kind: Kind) -> dict[str, float]:
        path = f"/ws/?topics=bench.0,poll.{key}"
        with both(lab, kind, path, core=None, WORKER="yes") as (server, load):
            load.open(readers)
            load.ask("voters", VOTERS, file)
            with watched(server.pids, load.pids) as watch:
                told = load.ask("run", seconds, TALLIES_A_SECOND, 300, kind.gauges, kind.facts)
            kept = _kept(server, key)
        return {
            "taken_per_second": told["taken"] / told["seconds"],
            "taken_per_cpu_second": told["taken"] / watch.cpu,
            "wait_p50": told["wait_p50"],
            "wait_p99": told["wait_p99"],
            "busy": told["busy"],
            "odd": told["odd"],
            "tallies_per_second": told["delivered"] / readers / told["seconds"],
            "lost_ballots": max(0, told["taken"] - kept),
            "others": watch.others,
            "stolen": watch.stolen,
        }

    yield from in_turns("voters", list(_ways(box)), readers, rounds, act)


def _ways(box: str) -> Iterator[Kind]:
    """By the slot, by the view behind it, and by the slot on uvicorn."""
    best, past = servers.BEST, f"/bench/view{box}"
    yield replace(best, name="daphne-slot", facts=box)
    yield replace(best, name="daphne-view", facts=past)
    for kind in servers.ON_UVICORN[-1:]:
        yield replace(kind, name="uvicorn-slot", facts=box)


def _write_ballots(file: Path, many: int) -> UUID:
    """Signed ballots of an open poll, each with its size before it; the poll's key."""
    poll, manifest = stage.open_poll(2048)
    pem = IssuerKey.objects.get(poll=poll).pem
    with file.open("wb") as ballots:
        for ballot in ballots_of(manifest, pem, many):
            ballots.write(b"%d\n%b" % (len(ballot), ballot))
    connections.close_all()  # SQLite then folds its log into the file that is copied
    return poll.pk


def _kept(server: Server, poll: UUID) -> int:
    """How many ballots the box holds, merged or not."""
    tables = (Intake._meta.db_table, Leaf._meta.db_table)
    keys = " UNION ".join(f"SELECT key_sha256 FROM {t} WHERE poll = ?" for t in tables)
    question = f"SELECT count(key_sha256) FROM ({keys})"
    with closing(sqlite3.connect(server.data / "ballots.sqlite3", timeout=20)) as box:
        return box.execute(question, (poll.hex, poll.hex)).fetchone()[0]
