"""Joining the verifier into one file, VERIFY.py, for people who want to run it without the project.

The text is made from the modules as they are, in an order in which each finds what it needs; it is
no part of what it makes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
HEAD = '''\
"""Check the published record of a poll and count its ballots again: python VERIFY.py record.zip

Made by joining the modules of voting/verify. A record cannot vouch for itself: if you found this
file inside a record, get the verifier from the project instead, or read it before you run it.
"""

from __future__ import annotations
'''


def bundle() -> bytes:
    """The verifier as the source of one program; the same bytes every time."""
    parts = [HEAD]
    for path in _in_order(HERE / "__main__.py", []):
        parts.append(f"# {'-' * 20} {path.relative_to(HERE)}\n\n{_own_lines(path)}\n")
    return "\n".join(parts).encode()


def _in_order(path: Path, seen: list[Path]) -> list[Path]:
    """``path`` after everything it imports from the package."""
    for neighbour in _neighbours(path):
        if neighbour not in seen:
            _in_order(neighbour, seen)
    seen.append(path)
    return seen


def _neighbours(path: Path) -> Iterator[Path]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module:
            folder = path.parents[node.level - 1]
            yield folder.joinpath(*node.module.split(".")).with_suffix(".py")


def _own_lines(path: Path) -> str:
    """The module without its imports from the package and from the future."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.level or node.module == "__future__"):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(_single_gaps(lines)).strip() + "\n"


def _single_gaps(lines: list[str]) -> Iterator[str]:
    """The lines with never more than two empty ones together."""
    empty = 0
    for line in lines:
        empty = 0 if line else empty + 1
        if empty <= 2:
            yield line
