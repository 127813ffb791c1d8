"""Import postcodes and streets from a file on the server, with a bar in the terminal."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engage.domain.errors import DomainError
from engage.identity.models import Import
from engage.identity.services.importing import Run, receive_import
from engage.identity.wording import WRONG_IN_A_ROW

WIDTH = 30


class Command(BaseCommand):
    help = "Import postcodes and streets from a CSV file: postcode, street, area."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--try", action="store_true", dest="trial", help="change nothing")

    def handle(self, *args: Any, file: Path, trial: bool, **options: Any) -> None:
        try:
            raw = file.read_bytes()
            found = receive_import(kind=Import.Kind.PLACES, raw=raw, by=None, trial=trial)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal
        run = Run.of(found)
        while run.advance():
            self.show(found)
        self.show(found)
        self.tell(found)
        if trial:
            found.delete()

    def show(self, found: Import) -> None:
        found.refresh_from_db(fields=["done", "state", "added", "changed", "wrong", "report"])
        full = WIDTH * found.done // found.total
        bar = "#" * full + "." * (WIDTH - full)
        self.stdout.write(f"\r[{bar}] {found.done:,} of {found.total:,}", ending="")
        self.stdout.flush()

    def tell(self, found: Import) -> None:
        self.stdout.write(f"\nadded {found.added:,}, changed {found.changed:,}")
        if found.wrong:
            self.stderr.write(f"{found.wrong:,} lines are wrong and were left out:")
        for line, code, text in found.report:
            self.stderr.write(f"  line {line}: {WRONG_IN_A_ROW[code]} ({text})")
