"""``python -m voting.client http://127.0.0.1:8000/polls/<uuid>/ a``: vote from a terminal.

Run it again after any interruption: it goes on from the voter's file. A poll for people who sign
in needs a browser.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from voting.client.journey import Journey
from voting.client.keeping import Keeper
from voting.client.web import Refused
from voting.domain.manifest import Manifest
from voting.domain.recovery import seed_from_code
from voting.domain.refusal import Refusal

EVERY_S = 2.0
OVERDUE = (
    "The promised time has passed and your ballot is not in the log. It was sent again. Keep the "
    "promise in your file: with the closed record it proves that a ballot was lost."
)


def main(arguments: list[str]) -> int:
    """0: cast and promised (and proved, with --receipt). 1: refused, with the reason."""
    options = _parser().parse_args(arguments)
    try:
        return _vote(options)
    except Refused as refused:
        way_on = f" Go on at {refused.next_url}" if refused.next_url else ""
        print(f"{refused.code}: {refused}{way_on}", file=sys.stderr)
    except Refusal as refusal:
        print(f"{refusal.code}: {refusal}", file=sys.stderr)
    except (OSError, ValueError) as problem:
        print(f"The poll cannot be reached or read: {problem}", file=sys.stderr)
    return 1


def choice_from(text: str, manifest: Manifest) -> object:
    """The choice that somebody typed: JSON, or an option id, or ids with commas; ``-`` is blank.

    Order matters in a ranking only; elsewhere ids are put in the order of the manifest.
    """
    if text[:1] in ("[", "{", '"') or text == "null":
        return json.loads(text)
    one = manifest.method in ("plurality", "yesno")
    if text == "-":
        return None if one else {} if manifest.method in ("score", "cumulative") else []
    if one:
        return text
    ids = text.split(",")
    if manifest.method == "ranked":
        return ids
    place = {option: number for number, option in enumerate(manifest.option_ids)}
    return sorted(ids, key=lambda option: place.get(option, len(place)))


def _vote(options: argparse.Namespace) -> int:
    poll = options.poll.rstrip("/").rsplit("/", 1)[-1]
    keeper = Keeper(options.file or Path(f"ballot-{poll}.json"))
    if options.recovery_code and not keeper.kept.seed:
        keeper.kept.seed = seed_from_code(options.recovery_code).hex()
    journey = Journey(options.poll, keeper, options.booth)
    digest = journey.manifest.sha256.hex()
    print(f"Manifest {digest}: compare it with the published one.")
    if options.manifest_sha256 not in ("", digest):
        raise Refusal("manifest", "This is not the manifest you expected.")
    journey.collect()
    print(f"Pass collected and kept in {keeper.path}.")
    print(f"Recovery code {journey.voter.recovery_code}")
    if options.choice is None and not keeper.kept.leaf:
        return 0
    if keeper.kept.leaf and options.choice is not None:
        print("Your ballot was sealed before; that one is cast.")
    leaf = journey.cast(choice_from(options.choice or "-", journey.manifest))
    by = json.loads(keeper.kept.promise)["by"]
    print(f"Ballot taken: {json.loads(leaf)['choice']!r} will be in the log by {by}.")
    return _wait_for_receipt(journey, options.receipt) if options.receipt else 0


def _wait_for_receipt(journey: Journey, path: Path) -> int:
    while (receipt := journey.prove()) is None:
        if journey.overdue():
            journey.cast_kept()
            raise Refusal("overdue", OVERDUE)
        time.sleep(EVERY_S)
    path.write_bytes(receipt.dump())
    print(f"In the log, proved. Receipt written to {path}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m voting.client", description=__doc__)
    parser.add_argument("poll", help="address of the poll's page")
    parser.add_argument("choice", nargs="?", help="a · a,c · '{\"a\":3}' · - for a blank ballot")
    parser.add_argument("--booth", default="", help="origin of the ballot box, if you know it")
    parser.add_argument("--file", type=Path, help="where to keep what must survive")
    parser.add_argument("--receipt", type=Path, help="wait for the proof and write it here")
    parser.add_argument("--recovery-code", default="", help="go on with a pass from elsewhere")
    parser.add_argument("--manifest-sha256", default="", help="refuse any other manifest")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
