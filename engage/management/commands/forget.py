"""Let go of what is kept no longer, now; the worker does the same once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from engage.identity.services.forgetting import forget


class Command(BaseCommand):
    help = "Let go of what is kept no longer, and say how many of what; --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        done = forget(timezone.now(), dry_run=options["dry_run"])
        width = len(str(max(each.count for each in done)))
        for each in done:
            self.stdout.write(f"{each.count:>{width}}  {each.why}")
        total = sum(each.count for each in done)
        verb = "would go" if options["dry_run"] else "gone"
        self.stdout.write(f"{total} {verb}")
