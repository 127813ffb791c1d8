"""Tables for spreadsheets: comma-separated values in which no cell is a formula.

Deliberately absent: reading them.
"""

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}",
            "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
            "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
BYTE_ORDER_MARK = "\ufeff"
"""First in a file, so that spreadsheets read it as UTF-8."""


def cell(value: object) -> str:
    """``value`` as a cell: text that a spreadsheet could take for a formula begins with ``'``.

    Numbers stay numbers, also negative ones; None is empty. NUL, which no file takes, is shown.

    >>> cell("=1+1"), cell(-3), cell(None)
    ("'=1+1", '-3', '')
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value).replace("\0", "\N{SYMBOL FOR NULL}")
    return f"'{text}" if text.startswith(_FORMULA) else text


def sheet(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A whole file (RFC 4180), every cell in quotes."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
