"""The command line: ``python -m voting.verify record.zip``.

Exit code 0 if all is green, 3 if something is yellow, 1 if something is red, 2 if it is no record.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .checks import Trust, verify
from .findings import EXIT, UNREADABLE, Report, Unreadable
from .notes import read_vkey
from .output import json_text, text_lines
from .receipts import read_last_checkpoint, read_receipt
from .shapes import matching
from .text import Malformed, printable

PAPER_LIMIT = 2**20
PROGRESS_STEP = 500
SHA256_HEX = matching("[0-9a-fA-F]{64}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify as ``arguments`` say, print the report, return the exit code; no input raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        report = _verify_file(options)
    except Unreadable as fault:
        return _say_unreadable(str(fault), options.json)
    except Exception as fault:  # a record may be hostile; a traceback is no verdict
        return _say_unreadable(f"The verifier stopped ({type(fault).__name__}).", options.json)
    print(json_text(report) if options.json else "\n".join(text_lines(report)))
    return EXIT[report.verdict()]


def _verify_file(options: argparse.Namespace) -> Report:
    receipt = read_receipt(_paper(options.receipt)) if options.receipt else None
    last = options.last_checkpoint and read_last_checkpoint(_paper(options.last_checkpoint))
    trust = Trust(options.manifest_sha256, options.vkey, receipt, last or None)
    try:
        with Path(options.record).open("rb") as stream:
            return verify(stream, trust, _progress())
    except OSError as fault:
        raise Unreadable(f"{options.record} cannot be read: {fault.strerror}.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify",
        description="Check the published record of a poll and count its ballots again.",
        epilog="Exit code: 0 all green, 3 only yellow, 1 red, 2 unreadable. Have this program from "
        "somewhere else than the record: a record cannot vouch for itself.",
    )
    parser.add_argument("record", help="the record, a zip archive")
    parser.add_argument("--manifest-sha256", type=_sha256, help="the manifest's published hash")
    parser.add_argument("--vkey", type=_vkey, help="the log's published key")
    parser.add_argument("--receipt", help="a file: your receipt or proof")
    parser.add_argument("--last-checkpoint", help="a file: a checkpoint of this log you have seen")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _sha256(text: str) -> str:
    if not SHA256_HEX(text):
        raise argparse.ArgumentTypeError("not 64 hexadecimal digits")
    return text.lower()


def _vkey(text: str) -> str:
    try:
        read_vkey(text)
    except Malformed as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    return text


def _paper(name: str) -> bytes:
    try:
        with Path(name).open("rb") as stream:
            return stream.read(PAPER_LIMIT)
    except OSError as fault:
        raise Unreadable(f"{name} cannot be read: {fault.strerror}.") from None


def _progress() -> Callable[[int], None]:
    """A line that counts leaves, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda leaves: None

    def show(leaves: int) -> None:
        if leaves % PROGRESS_STEP == 0:
            print(f"\r{leaves:,} leaves", end="\r", file=sys.stderr, flush=True)

    return show


def _say_unreadable(sentence: str, as_json: bool) -> int:
    if as_json:
        text = {"verdict": "unreadable", "exit": UNREADABLE, "sentence": sentence}
        print(json.dumps(text))
    else:
        print(f"Cannot be verified. {printable(sentence)}", file=sys.stderr)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
