"""``python -m tests.bench [NAME …]``: measure, and print tables of figures and their limits.

Everything happens in a temporary folder, but with ``--full``: then all sizes of live updates are
measured, and the results and the README's block of them are rewritten. Figures of one run compare;
figures of two do not.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.bench.live.figures import PARTS
from tests.bench.measure import Figure, table

BALLOTS = ("casting", "log", "verifier", "replay", "importing", "threads", "desk")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help=f"{', '.join(BALLOTS + PARTS)} (all)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--election", type=Path, default=None, help="the file to replay")
    parser.add_argument("--full", action="store_true", help="all sizes, and rewrite the results")
    chosen = parser.parse_args()
    names = chosen.names or [*BALLOTS, *PARTS]
    if unknown := set(names) - {*BALLOTS, *PARTS}:
        raise SystemExit(f"There is no figure called {', '.join(unknown)}.")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.update(DATA_DIR=f"{folder}/town", DEBUG="on", LIMITS="off", REDIS_URL="")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")
        prepare()
        if figures := ballots([name for name in names if name in BALLOTS], chosen):
            print(table(figures))
        if live := [name for name in names if name in PARTS]:
            measure_live(live, Path(folder), chosen)
    return 0


def prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare", stdout=sys.stderr)


def ballots(names: list[str], chosen: argparse.Namespace) -> list[Figure]:
    """Every figure of ballots and rows asked for, in order."""
    from tests.bench import casting, desks, elections, importing, log, threads, verifier

    parts = {
        "casting": lambda: casting.figures(chosen.repeats),
        "log": lambda: log.figures(chosen.repeats),
        "verifier": lambda: verifier.figures(chosen.repeats),
        "replay": lambda: elections.figures(chosen.election),
        "importing": lambda: importing.figures(chosen.repeats),
        "threads": lambda: threads.figures(chosen.repeats),
        "desk": lambda: desks.figures(chosen.repeats),
    }
    figures: list[Figure] = []
    for name in names:
        print(f"Measuring {name} …", file=sys.stderr)
        figures += parts[name]()
    return figures


def measure_live(names: list[str], folder: Path, chosen: argparse.Namespace) -> None:
    """Print what was found; after all sizes of all parts, write it down."""
    from tests.bench.live import figures, results
    from tests.bench.live.rounds import medians

    rounds = figures.measured(
        names, folder, folder / "town", full=chosen.full, rounds=chosen.repeats
    )
    if rounds:
        print(results.as_text(medians(rounds), results.conditions(rounds)))
    if rounds and chosen.full and set(names) == set(PARTS):
        results.write(rounds)


if __name__ == "__main__":
    sys.exit(main())
