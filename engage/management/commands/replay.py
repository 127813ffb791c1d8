"""Replay a real election: every ballot through the real endpoints, then close, count, verify."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from engage.management.replay import outcome, stage
from engage.management.replay.crowd import Crowd, Unserved
from engage.management.replay.server import own_environment, serving
from voting.domain.formats import Election, ElectionError, decoded, read_election
from voting.domain.manifest import Manifest

OWN = "ENGAGE_REPLAY"


class Command(BaseCommand):
    help = "Replay an election file (PrefLib, Pabulib, aggregated JSON) ballot by ballot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--voters", type=int, default=8, help="at the same time")
        parser.add_argument("--limit", type=int, default=0, help="only the first so many ballots")
        parser.add_argument("--url", default="", help="a running server on the same databases")
        parser.add_argument("--bits", type=int, default=2048, choices=[2048, 3072])
        parser.add_argument("--record", default="", help="keep the record here")

    def handle(self, *args: Any, **options: Any) -> None:
        election = read_file(options["file"])
        if not options["url"] and OWN not in os.environ:
            sys.exit(self._again_on_its_own())
        origin = options["url"].rstrip("/") or settings.SITE_ORIGIN
        call_command("prepare", stdout=sys.stderr)
        with nullcontext() if options["url"] else serving(origin):
            try:
                summary = self._replay(election, origin, options)
            except (Unserved, TimeoutError) as error:
                raise CommandError(str(error)) from None
        self.stdout.write(outcome.last_line(**summary))
        sys.exit(0 if summary["verified"] else 1)

    def _again_on_its_own(self) -> int:
        """The same command in a fresh process whose data folder is a temporary one."""
        import subprocess

        with tempfile.TemporaryDirectory(prefix="replay-") as folder:
            environment = {**own_environment(folder), OWN: "1"}
            return subprocess.run(  # noqa: S603  this very command
                [sys.executable, *sys.argv], check=False, env=environment
            ).returncode

    def _replay(self, election: Election, origin: str, options: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        for remark in election.remarks:
            self.stderr.write(remark)
        poll = stage.stage_poll(election, key_bits=options["bits"])
        manifest = Manifest.parse(bytes(poll.manifest))
        page = f"{origin}{poll.get_absolute_url()}"
        crowd = Crowd(page, manifest, options["voters"])
        choices = list(islice(every_choice(election), options["limit"] or None))
        electors, passing = timed(lambda: crowd.collect(choices, self._bar("passes", len(choices))))
        _, casting = timed(lambda: crowd.cast(electors, self._bar("ballots", len(choices))))
        self.stderr.write("Closing and counting …")
        stage.end_poll(poll)
        with tempfile.TemporaryDirectory() as folder:
            record = Path(options["record"] or Path(folder) / f"record-{poll.pk}.zip")
            outcome.fetch_record(page, record)
            holds = outcome.verified(record, manifest)
            holds = holds and outcome.all_promised_once(record, crowd.promised)
            result = outcome.result_of(record)
        return {
            "poll": str(poll.pk),
            "method": election.rule,
            **outcome.summary(election, result),
            "verified": holds and result["ballots"] == len(choices),
            "passes_per_s": round(len(choices) / passing, 1),
            "casts_per_s": round(len(choices) / casting, 1),
            "seconds": round(time.monotonic() - began, 1),
        }

    def _bar(self, what: str, whole: int) -> Callable[[], None]:
        """A progress bar on standard error, drawn anew at every hundredth."""
        done = 0

        def tell() -> None:
            nonlocal done
            done += 1
            if done == whole or done % max(whole // 100, 1) == 0:
                filled = 30 * done // max(whole, 1)
                bar = "█" * filled + "·" * (30 - filled)
                end = "\n" if done == whole else ""
                print(f"\r{bar} {done:,} of {whole:,} {what}", end=end, file=sys.stderr, flush=True)

        return tell


def read_file(name: str) -> Election:
    try:
        return read_election(Path(name).name, decoded(Path(name).read_bytes()))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from None
    except ElectionError as error:
        raise CommandError(f"{name}: {error}") from None


def every_choice(election: Election) -> Iterator[object]:
    """Each ballot's choice, in the order of the file."""
    for choice, many in election.ballots:
        for _ in range(many):
            yield choice


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    return act(), max(time.monotonic() - began, 1e-9)
