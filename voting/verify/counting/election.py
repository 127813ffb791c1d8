"""What a counting rule is given, and what it answers.

No rule is here, and no ballot is judged: only valid choices arrive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Election:
    """A poll with its valid ballots: ``votes`` are (choice, how many), the blank ones left out.

    ``counted`` are all valid ballots, blank ones included; ``ties`` ranks options, smallest first.
    """

    options: tuple[str, ...]
    votes: list[tuple[Any, int]]
    counted: int
    params: dict[str, Any]
    costs: dict[str, int]
    ties: dict[str, int]

    @property
    def seats(self) -> int:
        """How many may win."""
        return int(self.params.get("seats", 1))


@dataclass(frozen=True)
class Outcome:
    """Winners in order of rank, and the detail in the shape of the rule."""

    winners: list[str]
    detail: dict[str, Any]


def tie_ranks(manifest_sha256: bytes, options: Iterable[str]) -> dict[str, int]:
    """Each option's place by ascending SHA-256 of the manifest's hash and the option's id."""

    def lot(option: str) -> bytes:
        return hashlib.sha256(manifest_sha256 + option.encode()).digest()

    return {option: rank for rank, option in enumerate(sorted(options, key=lot))}
