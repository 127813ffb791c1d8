"""What the machine says of a server: its processor time, its memory, and who else was busy.

Deliberately absent: what the server says of itself.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER, GENERATOR = (CORES[0], CORES[1]) if len(CORES) > 1 else (None, None)
TICKS = os.sysconf("SC_CLK_TCK")


def pinned(core: int | None) -> Callable[[], None]:
    """For a child to call before it runs: stay on ``core``, or anywhere if that is None."""

    def stay() -> None:
        if core is not None:
            os.sched_setaffinity(0, {core})

    return stay


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    with suppress(FileNotFoundError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += family(int(child))
    return found


def processor_seconds(pids: list[int]) -> float:
    """Time on a core of whole processes, ended threads too, in nanoseconds' resolution.

    The number of another process's CPU clock is that of clock_getcpuclockid(3) on Linux.
    """
    return sum(time.clock_gettime(~pid << 3 | 2) for pid in pids)


def memory_kb(pids: list[int]) -> int:
    """Resident memory, shared pages counted by share."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


@dataclass
class Watch:
    """``cpu`` is the server's; ``others`` and ``stolen`` are shares of what all cores could do."""

    seconds: float = 0.0
    cpu: float = 0.0
    generator_cpu: float = 0.0
    others: float = 0.0
    stolen: float = 0.0


@contextmanager
def watched(server: list[int], generator: list[int]) -> Iterator[Watch]:
    """Fill in a Watch over the block."""
    watch = Watch()
    began, ours, load = time.monotonic(), processor_seconds(server), processor_seconds(generator)
    busy, stolen = _machine()
    yield watch
    watch.seconds = time.monotonic() - began
    watch.cpu = processor_seconds(server) - ours
    watch.generator_cpu = processor_seconds(generator) - load
    busy_after, stolen_after = _machine()
    whole = watch.seconds * (os.cpu_count() or 1)
    others = busy_after - busy - watch.cpu - watch.generator_cpu
    watch.others = round(max(0.0, others) / whole, 3)
    watch.stolen = round((stolen_after - stolen) / whole, 3)


def _machine() -> tuple[float, float]:
    """Seconds that all cores together were busy, and that the hypervisor took."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, irq, soft, stolen = (int(x) / TICKS for x in first[1:9])
    return user + nice + system + irq + soft, stolen
