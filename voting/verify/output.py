"""Writing a report for people, readable in a plain log without colours, or for machines as JSON.

Texts from the record are made printable first, so that none can forge a line of the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .counting.rankings import UNIT
from .findings import CHECKS, EXIT, GREEN, RED, YELLOW, Finding, Report
from .text import printable

MARKS = {GREEN: "[ok] green ", YELLOW: "[??] yellow", RED: "[NO] red   ", None: "[--] not checked"}
VERDICTS = {
    GREEN: "Everything that could be checked is right.",
    YELLOW: "Nothing is wrong, but a person should look at what is yellow.",
    RED: "This record is NOT right.",
}


def text_lines(report: Report) -> Iterator[str]:
    """The whole report: what was verified, every check, every finding, the recount, the verdict."""
    yield from _heading(report)
    yield ""
    for code, level in report.states().items():
        yield f"{MARKS[level]}  {CHECKS[code]}  ({code})"
    if report.findings:
        yield ""
        yield from map(_finding_line, report.findings)
    if report.recount:
        yield ""
        yield from _recount_lines(report)
    yield ""
    yield from report.cautions
    yield f"{MARKS[report.verdict()]}  {VERDICTS[report.verdict()]}"


def json_text(report: Report) -> str:
    """The same as one JSON object."""
    findings = [vars(finding) for finding in report.findings]
    return json.dumps(
        {
            "verdict": report.verdict(),
            "exit": EXIT[report.verdict()],
            "facts": report.facts,
            "checks": report.states(),
            "findings": findings,
            "titles": report.titles,
            "recount": report.recount or None,
            "cautions": report.cautions,
        }
    )


def _heading(report: Report) -> Iterator[str]:
    yield printable(report.facts.get("title", "A record without a readable manifest"))
    for name, fact in report.facts.items():
        if name != "title":
            yield f"  {name:<12}{printable(fact)}"


def _finding_line(finding: Finding) -> str:
    place = "" if finding.leaf is None else f"leaf {finding.leaf}: "
    return f"{MARKS[finding.level]}  {finding.code}  {place}{printable(finding.sentence)}"


def _recount_lines(report: Report) -> Iterator[str]:
    count = report.recount
    yield f"Counted again by {printable(report.facts.get('rule'))}"
    names = ("ballots", "counted", "blank", "invalid")
    yield "  " + ", ".join(f"{name} {count[name]}" for name in names)
    yield from _outcome_lines(count, report.titles)
    if count.get("without_refused"):
        yield "Without the ballots refused above"
        yield from _outcome_lines(count["without_refused"], report.titles)


def _outcome_lines(count: dict[str, Any], titles: dict[str, str]) -> Iterator[str]:
    winners = [_titled(option, titles) for option in count["winners"]]
    yield f"  winners: {'; '.join(winners) or 'none'}"
    detail = count["detail"]
    if "spent" in detail:
        yield f"  spent: {detail['spent']}"
    if "totals" in detail:
        yield from _total_lines(detail["totals"], titles, 1)
    for number, step in enumerate(detail.get("rounds", ()), 1):
        yield from _round_lines(number, step, titles)
    for option in detail.get("order", ()):
        yield f"    {_titled(option, titles)}"


def _round_lines(number: int, step: dict[str, Any], titles: dict[str, str]) -> Iterator[str]:
    unit = UNIT if "elected" in step else 1
    yield f"  round {number}, exhausted {_votes(step['exhausted'], unit)}"
    yield from _total_lines(step["totals"], titles, unit)
    for word in ("elected", "out"):
        if step.get(word):
            yield f"    {word}: {'; '.join(_titled(option, titles) for option in step[word])}"


def _total_lines(totals: dict[str, int], titles: dict[str, str], unit: int) -> Iterator[str]:
    for option in sorted(totals, key=lambda option: -totals[option]):
        yield f"    {_votes(totals[option], unit):>12}  {_titled(option, titles)}"


def _votes(number: int, unit: int) -> str:
    if unit == 1:
        return str(number)
    return f"{number // unit}.{number % unit:04d}"


def _titled(option: str, titles: dict[str, str]) -> str:
    return f"{printable(titles.get(option, ''))} [{printable(option)}]"
