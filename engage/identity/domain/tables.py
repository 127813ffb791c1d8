"""Tables that people export from somewhere: whatever the spreadsheet made of them, rows with lines.

Deliberately absent: what the rows mean, and a guess at columns. The first line names them.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DELIMITERS = ";,\t"
MOST_ROWS = 1_000_000

Columns = Mapping[str, frozenset[str]]
"""Each column by the headings under which it is known, in small letters."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file in which it begins, and its cells by column, trimmed."""

    line: int
    cells: Mapping[str, str]


def read_table(raw: bytes, columns: Columns, needed: frozenset[str]) -> list[Row]:
    """The rows of a file of comma-, semicolon- or tab-separated values; empty ones are left out.

    Of UTF-8, UTF-16 with its mark, or Windows-1252. Raises ValueError("header" | "cells" | "empty"
    | "size").

    >>> known = {"postcode": frozenset({"plz"}), "area": frozenset({"gebiet"})}
    >>> rows = read_table(b"PLZ;Gebiet\\n01067;Altstadt\\n", known, frozenset(known))
    >>> rows[0].line, dict(rows[0].cells)
    (2, {'postcode': '01067', 'area': 'Altstadt'})
    """
    text = _decoded(raw).replace("\0", "\N{REPLACEMENT CHARACTER}")  # no database takes it
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = _lines(text, delimiter)
    _line, headings = next(lines, (0, []))
    places = _places(headings, columns)
    if not needed <= places.keys():
        raise ValueError("header")
    rows = [Row(line, {key: _at(cells, place) for key, place in places.items()})
            for line, cells in lines]  # fmt: skip
    if not rows or len(rows) > MOST_ROWS:
        raise ValueError("size" if rows else "empty")
    return rows


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they begin in; a quoted cell may hold lines of its own."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        begins = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ValueError("cells") from error


def _places(headings: list[str], columns: Columns) -> dict[str, int]:
    said = [" ".join(heading.casefold().split()) for heading in headings]
    return {
        key: place for key, known in columns.items() for place, name in enumerate(said)
        if name in known and said.index(name) == place
    }  # fmt: skip


def _at(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
