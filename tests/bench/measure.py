"""Measuring two things side by side: ours and its limit, interleaved, medians of a few rounds."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``rate`` of ours a second beside ``limit``, the bare primitive's in the same run."""

    name: str
    rate: float
    limit_name: str
    limit: float

    @property
    def share(self) -> float:
        return self.rate / self.limit


def rate(act: Callable[[], int]) -> float:
    """How many a second: ``act`` says how many it did."""
    began = time.perf_counter()
    done = act()
    return done / (time.perf_counter() - began)


def beside(
    name: str, ours: Callable[[], int], limit_name: str, limit: Callable[[], int], repeats: int
) -> Figure:
    """Run the two in turns, so that a busy moment of the machine touches both."""
    pairs = [(rate(ours), rate(limit)) for _round in range(repeats)]
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    return Figure(name, medians[0], limit_name, medians[1])


def table(figures: list[Figure]) -> str:
    """A plain table, widest names first, to be read in a terminal or pasted."""
    rows = [("what", "a second", "limit in the same run", "a second", "share")]
    rows += [
        (f.name, f"{f.rate:,.1f}", f.limit_name, f"{f.limit:,.1f}", f"{f.share:.2f}")
        for f in figures
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    right = (False, True, False, True, True)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    )
