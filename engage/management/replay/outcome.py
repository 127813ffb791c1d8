"""What a replay tells at its end: the record is verified first, in a process of its own."""

import json
import subprocess
import sys
import urllib.request
import zipfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from voting.domain.formats import Election
from voting.domain.manifest import Manifest

GREEN, YELLOW = 0, 3
STV_UNIT = 10_000  # weighted votes are counted in ten-thousandths


def fetch_record(page: str, target: Path) -> Path:
    """The published record, by HTTP like everybody else's."""
    with urllib.request.urlopen(f"{page}record.zip", timeout=600) as answer:  # noqa: S310  ours
        target.write_bytes(answer.read())
    return target


def verified(record: Path, manifest: Manifest) -> bool:
    """Whether ``python -m voting.verify`` finds nothing red; its findings go to standard error."""
    command = [
        sys.executable, "-m", "voting.verify", str(record),
        "--manifest-sha256", manifest.sha256.hex(), "--vkey", manifest.vkey,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, stdout=sys.stderr)  # noqa: S603  our own module
    return done.returncode in (GREEN, YELLOW)


def all_promised_once(record: Path, promised: list[str]) -> bool:
    """Whether every promised leaf stands in the record exactly once."""
    with zipfile.ZipFile(record) as entries:
        leaves = entries.read("leaves.jsonl").split(b"\n")[:-1]
    found = Counter(sha256(b"\x00" + leaf).hexdigest() for leaf in leaves)
    return all(found[leaf] == 1 for leaf in set(promised))


def summary(election: Election, result: dict[str, Any]) -> dict[str, Any]:
    """Winners and rounds by the names of the file, selected projects by their ids there."""
    detail, names = result["detail"], election.names
    return {
        "ballots": result["ballots"],
        "winners": [names[key] for key in result["winners"]],
        "rounds": [
            {names[key]: _votes(votes, election.rule) for key, votes in totals.items()}
            for totals in _totals(detail)
        ],
        "selected": [election.source_ids[key] for key in detail.get("selected", [])],
    }


def _totals(detail: dict[str, Any]) -> list[dict[str, int]]:
    if "totals" in detail:
        return [detail["totals"]]
    return [one["totals"] for one in detail.get("rounds", [])]


def _votes(votes: int, rule: str) -> int | float:
    if rule != "stv-wig/1":
        return votes
    return votes // STV_UNIT if votes % STV_UNIT == 0 else votes / STV_UNIT


def last_line(**fields: Any) -> str:
    """One JSON object, the last thing a replay prints."""
    return json.dumps(fields, ensure_ascii=False)


def result_of(record: Path) -> dict[str, Any]:
    """The last ``result`` leaf of a record."""
    with zipfile.ZipFile(record) as entries:
        return json.loads(entries.read("result.json"))
