"""What a run found, written down: JSON for programs, a table and a picture for people."""

import json
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.live.chart import Bar, bar_chart
from tests.bench.live.goals import Outcome, outcomes
from tests.bench.live.machine import CORES
from tests.bench.live.rounds import Medians, Round, medians
from tests.bench.live.servers import EVERYBODY
from tests.paths import ROOT

RESULTS = ROOT / "tests" / "bench" / "results"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- live figures: make bench FULL=1 -->\n).*?(<!-- /live figures -->)", re.S)
TITLE = "Live updates: deliveries a second of one core"
QUIET = 0.1


def write(rounds: Sequence[Round]) -> None:
    """Rewrite the results' three files and the README's block."""
    found = medians(rounds)
    about = conditions(rounds)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "realtime.json").write_text(as_json(found, about))
    (RESULTS / "realtime.md").write_text(as_text(found, about))
    (RESULTS / "realtime.svg").write_text(picture(found))
    README.write_text(quoted(README.read_text(), found, about))


def conditions(rounds: Iterable[Round]) -> dict[str, object]:
    """When and on what; how much of the machine somebody else used meanwhile, on average."""
    others = [one.figures["others"] for one in rounds if "others" in one.figures]
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": len(CORES),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "used_by_others": round(sum(others) / len(others), 3) if others else 0.0,
    }


def as_json(found: Medians, about: dict[str, object]) -> str:
    """Conditions, goals, and each figure by scenario, readers and server."""
    figures: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for (scenario, server, readers), values in sorted(found.items()):
        rounded = {name: float(f"{value:.4g}") for name, value in values.items()}
        figures.setdefault(scenario, {}).setdefault(str(readers), {})[server] = rounded
    goals = [
        {"what": o.goal.text, "goal": o.goal.goal, "reached": o.reached, "held": o.held}
        for o in outcomes(found)
    ]
    return json.dumps({"about": about, "goals": goals, "figures": figures}, indent=1) + "\n"


def as_text(found: Medians, about: dict[str, object]) -> str:
    parts = ["# Live updates, measured", _sentence(about), goal_table(outcomes(found)), ELSEWHERE]
    parts += [ceiling(found)]
    for readers in sizes(found):
        parts += [f"## One message to {readers:,} readers", broadcast_table(found, readers)]
        parts += [] if steady(found, readers) else [RESTLESS]
    parts += ["## Everything else", other_table(found)]
    return "\n\n".join(part for part in parts if part) + "\n"


def goal_table(reached: Iterable[Outcome]) -> str:
    rows = [("what", "goal", "reached", "")]
    for one in reached:
        bound = f"{'≤' if one.goal.most else '≥'} {_number(one.goal.goal)} {one.goal.unit}"
        value = "–" if one.reached is None else f"{_number(one.reached)} {one.goal.unit}"
        unknown = "in doubt: cannot be" if one.in_doubt else "not measured"
        verdict = {True: "held", False: "**missed**", None: unknown}[one.held]
        rows.append((one.goal.text, bound.strip(), value.strip(), verdict))
    return markdown(rows)


def broadcast_table(found: Medians, readers: int) -> str:
    """Everybody at one size, the fastest first; the last column as the clock saw it."""
    at = {server: figures for (name, server, n), figures in found.items()
          if name == "broadcast" and n == readers}  # fmt: skip
    rows = [("server", "a CPU second", "of the limit", "× tutorial", "last reader", "a socket")]
    for server, values in sorted(at.items(), key=lambda item: -item[1]["per_cpu_second"]):
        rate = values["per_cpu_second"]
        rows.append((
            title_of(server), f"{rate:,.0f}", _share(rate, at.get("limit")),
            _share(rate, at.get("naive")), f"{1000 * values['last_p50']:,.0f} ms",
            f"{values['kb_each']:.1f} kB",
        ))  # fmt: skip
    return markdown(rows)


def ceiling(found: Medians) -> str:
    """What the generator itself could take at most, seen where the server is fastest."""
    most = [v["ceiling"] for (name, server, _), v in found.items()
            if name == "broadcast" and server == "limit"]  # fmt: skip
    if not most:
        return ""
    return f"The generator's own ceiling: {max(most):,.0f} deliveries a second of its core."


def other_table(found: Medians) -> str:
    rows = [("scenario", "server", "readers", "figures")]
    for (scenario, server, readers), values in found.items():
        if scenario != "broadcast":
            told = ", ".join(f"{name} {_number(value)}" for name, value in values.items())
            rows.append((scenario, server, f"{readers:,}", told.replace("_", " ")))
    return markdown(rows)


def picture(found: Medians) -> str:
    """Everybody at the largest size that the tutorial's way was measured at in good order."""
    drawn = [n for n in sizes(found) if ("broadcast", "naive", n) in found and steady(found, n)]
    readers = max(drawn, default=1_000)
    at = [(kind, found["broadcast", kind.name, readers]["per_cpu_second"])
          for kind in EVERYBODY if ("broadcast", kind.name, readers) in found]  # fmt: skip
    naive = {kind.name: rate for kind, rate in at}.get("naive")
    bars = [
        Bar(kind.label, rate, f"{rate / naive:,.0f} ×" if naive else "", kind.ours)
        for kind, rate in sorted(at, key=lambda pair: -pair[1])
    ]
    subtitle = f"One message of 300 bytes to {readers:,} sockets; × is against Channels' tutorial."
    return bar_chart(TITLE, subtitle, bars)


def quoted(readme: str, found: Medians, about: dict[str, object]) -> str:
    """The README with its block of live figures made anew."""
    reached = outcomes(found)
    held = sum(one.held is True for one in reached)
    measured = sum(one.reached is not None for one in reached)
    block = "\n".join(
        [
            "![Deliveries a second of one core, ours beside the limit and others]"
            "(tests/bench/results/realtime.svg)",
            "",
            _sentence(about),
            f"Of {measured} goals {held} were held in that run; "
            "[goals, figures and misses](tests/bench/results/realtime.md).",
            "",
        ]
    )
    return BLOCK.sub(lambda marks: marks[1] + block + marks[2], readme)


def _sentence(about: dict[str, object]) -> str:
    busy = float(str(about["used_by_others"]))
    noise = "" if busy < QUIET else NOISE.format(busy=busy)
    machine = f"{about['cores']} cores ({about['processor']})"
    return (
        f"Measured {about['measured']} on {machine}, server and generator on\n"
        f"different ones, plain TCP on the loopback; medians of rounds in turns.{noise}"
    )


def sizes(found: Medians) -> list[int]:
    return sorted({readers for scenario, _server, readers in found if scenario == "broadcast"})


def steady(found: Medians, readers: int) -> bool:
    """Whether nobody beat the limit; otherwise rows of that size say little about each other."""
    at = {s: f["per_cpu_second"] for (name, s, n), f in found.items()
          if name == "broadcast" and n == readers}  # fmt: skip
    return at.get("limit", 0.0) >= max(at.values(), default=0.0)


def title_of(server: str) -> str:
    return next((kind.title for kind in EVERYBODY if kind.name == server), server)


def markdown(rows: Sequence[tuple[str, ...]]) -> str:
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "\n".join("| " + " | ".join(cell for cell in row) + " |" for row in lines)


def _share(rate: float, of: dict[str, float] | None) -> str:
    return _number(rate / of["per_cpu_second"]) if of else "–"


def _number(value: float) -> str:
    """Three digits that mean something, with thousands apart."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


ELSEWHERE = """Other goals are laws that tests hold rather than figures (`tests/faults`,
`tests/realtime`): after `kill -9` every page comes back, at a random moment of fifteen seconds or
more, and is complete; with messages dropped, doubled and reordered it ends equal to a fresh one."""
RESTLESS = """Nobody can beat the limit by so much: the machine was too restless while this size had
its turn. The ratios under *beside*, of two servers measured at once, are the ones to believe."""
NOISE = """
The machine was not quiet: other work used {busy:.0%} of it meanwhile, so times are too long, rates
too low, and ratios uncertain by a third; of servers measured at once (*beside*), by a tenth."""
