"""Ballots verified a second by ``python -m voting.verify``, with and without ``cryptography``."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.bench import stage
from tests.bench.casting import verifying
from tests.bench.measure import Figure, beside
from tests.bench.plain import pure_verifying
from voting.clock import database_now
from voting.models import Poll
from voting.services.casting import cast_ballot
from voting.services.closing import close_poll, decide_poll, seal_box
from voting.services.recording import export_record

MANY = 1_500
WITHOUT = (
    "import runpy, sys; sys.modules['cryptography'] = None; "
    "runpy.run_module('voting.verify', run_name='__main__', alter_sys=True)"
)


def figures(repeats: int) -> list[Figure]:
    poll, manifest = stage.open_poll(2048)
    cast = stage.ballots(poll, stage.voters(manifest, MANY))
    record = _record(poll, cast)
    few = cast[:100]
    return [
        beside(
            "ballots verified", lambda: _verify(record, ["-m", "voting.verify"]),
            "two signatures verified", verifying(cast, manifest), repeats,
        ),
        beside(
            "the same, standard library", lambda: _verify(record, ["-c", WITHOUT]),
            "the same in plain integers", pure_verifying(few, manifest), 1,
        ),
    ]  # fmt: skip


def _record(poll: Poll, cast: list[bytes]) -> Path:
    for raw in cast:
        cast_ballot(poll=poll.pk, raw=raw)
    close_poll(poll=poll, by=poll.organiser)
    Poll.objects.filter(pk=poll.pk).update(closing_since=database_now() - timedelta(days=1))
    poll.refresh_from_db()
    seal_box(poll=poll)
    decide_poll(poll=poll)
    return export_record(poll=poll.pk)


def _verify(record: Path, how: list[str]) -> int:
    done = subprocess.run(
        [sys.executable, *how, str(record)], capture_output=True, env=dict(os.environ), check=False
    )
    if done.returncode not in (0, 3):
        raise SystemExit(done.stdout.decode() + done.stderr.decode())
    return MANY
