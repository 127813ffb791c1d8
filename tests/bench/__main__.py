"""``python -m tests.bench [NAME …]``: measure, and print a table of figures and their limits.

Everything happens in a temporary folder. Figures of one run compare; figures of two do not.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Figure, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help="casting, log, verifier, replay (all)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--election", type=Path, default=None, help="the file to replay")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.update(DATA_DIR=folder, DEBUG="on", LIMITS="off", REDIS_URL="")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")
        prepare()
        print(table(measured(chosen)))
    return 0


def prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare", stdout=sys.stderr)


def measured(chosen: argparse.Namespace) -> list[Figure]:
    """Every figure asked for, in order."""
    from tests.bench import casting, elections, log, verifier

    parts = {
        "casting": lambda: casting.figures(chosen.repeats),
        "log": lambda: log.figures(chosen.repeats),
        "verifier": lambda: verifier.figures(chosen.repeats),
        "replay": lambda: elections.figures(chosen.election),
    }
    unknown = set(chosen.names) - set(parts)
    if unknown:
        raise SystemExit(f"There is no figure called {', '.join(unknown)}.")
    figures: list[Figure] = []
    for name in chosen.names or parts:
        print(f"Measuring {name} …", file=sys.stderr)
        figures += parts[name]()
    return figures


if __name__ == "__main__":
    sys.exit(main())
