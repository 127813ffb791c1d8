"""A real election as a file tells it, in the terms of a poll; and what is wrong with a bad file.

Nothing of the published result is kept: it is for the reader to compare.
"""

from dataclasses import dataclass, field

MAX_NUMBER = 2**53 - 1


class ElectionError(ValueError):
    """A file that is not what its format says. ``line`` counts from 1; 0 where none applies.

    >>> str(ElectionError("This is not a number: x.", line=3))
    'Line 3: This is not a number: x.'
    """

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(f"Line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Election:
    """Everything a poll needs, and the ballots in the file's own order.

    ``options`` are (id, title, cost or None) in the file's order; ids fit the protocol, titles are
    all different. ``ballots`` are (choice, how many), valid for ``method`` and ``params``.
    ``names`` gives each id the name in the file (made different where two are equal),
    ``source_ids`` the number or id it has there. Money is in units of 10^-``decimals``.
    ``remarks`` say in plain words what was read in a way worth knowing.
    """

    title: str
    method: str
    rule: str
    params: dict[str, object]
    options: list[tuple[str, str, int | None]]
    ballots: list[tuple[object, int]]
    names: dict[str, str]
    source_ids: dict[str, str]
    decimals: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many ballots there are, blank ones included."""
        return sum(many for _, many in self.ballots)


def whole_number(text: str, *, line: int) -> int:
    """A plain decimal number from 0 to 2^53 − 1, or an ElectionError.

    >>> whole_number(" 42 ", line=1)
    42
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 16):
        raise ElectionError(f"“{text.strip()[:40]}” is not a whole number.", line=line)
    number = int(digits)
    if number > MAX_NUMBER:
        raise ElectionError(f"{number} is too large a number.", line=line)
    return number


def lines_of(text: str) -> list[str]:
    """The lines of a file from any system; no other sign ends a line.

    >>> lines_of("a\\r\\nb\\rc\\n")
    ['a', 'b', 'c', '']
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
