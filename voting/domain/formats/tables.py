"""Pabulib's three tables in one file: META, PROJECTS and VOTES, separated by semicolons.

What the cells mean is read in ``pabulib``.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from voting.domain.formats.election import ElectionError, lines_of

Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
SECTIONS = ("META", "PROJECTS", "VOTES")


@dataclass(frozen=True)
class Row:
    """One line's cells by column name (lower case, columns that it lacks are absent)."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell's text without blanks around it; empty where there is none."""
        return self.cells.get(column, "")


Tables = Mapping[str, Sequence[Row]]


def read_tables(text: str) -> Tables:
    """The rows of each section.

    Quotes follow CSV; a file whose quotes swallow a section is read again with quotes as plain
    signs. Raises ElectionError where a section is missing.
    """
    lines = lines_of(text)
    for quoting in get_args(Quoting):
        tables = _sections(lines, quoting)
        if all(section in tables for section in SECTIONS):
            return tables
    missing = next(section for section in SECTIONS if section not in tables)
    raise ElectionError(f"The section {missing} is missing.")


def _sections(lines: Sequence[str], quoting: Quoting) -> Tables:
    tables: dict[str, list[Row]] = {}
    section, columns = "", list[str]()
    for line, cells in _records(lines, quoting):
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and filled[0].upper() in SECTIONS:
            section = filled[0].upper()
            columns = ["key", "value"] if section == "META" else []
            tables.setdefault(section, [])
        elif filled and section and not columns:
            columns = [cell.lower() for cell in cells]
        elif filled and section:
            tables[section].append(Row(line, dict(zip(columns, cells, strict=False))))
    return tables


def _records(lines: Sequence[str], quoting: Quoting) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        (line + "\n" for line in lines), delimiter=";", quoting=quoting, skipinitialspace=True
    )
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ElectionError(f"This is not a table: {error}.", line=reader.line_num) from None
