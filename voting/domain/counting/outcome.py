"""The shapes that every counting rule shares: what it is given and what it answers.

No rule is here, and nothing that knows of ballots' keys, times or people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Grouped = str | None | tuple[object, ...]
"""A choice in hashable form: lists as tuples, points as pairs sorted by option."""

Groups = Sequence[tuple[Grouped, int]]
"""Different choices, each with how many ballots made it (at least 1)."""


@dataclass(frozen=True)
class Outcome:
    """What a count says: the fields of a result leaf that come from the rule.

    ``counted`` are all valid ballots, the ``blank`` ones included; ``winners`` are option ids in
    order of rank; ``detail`` has the rule's own shape (ballots.md, Log).
    """

    counted: int
    blank: int
    winners: list[str]
    detail: dict[str, object]


@dataclass(frozen=True)
class Setting:
    """What a rule needs to know of a poll; ``tie_order`` holds every option, the first wins."""

    options: Sequence[str]
    params: Mapping[str, object]
    costs: Mapping[str, int]
    method: str
    tie_order: Sequence[str]

    @cached_property
    def tie_rank(self) -> dict[str, int]:
        """Each option's place in the tie order; smaller wins."""
        return {option: rank for rank, option in enumerate(self.tie_order)}

    def number(self, name: str, default: int) -> int:
        """A whole-number parameter, or ``default`` where the poll does not set it."""
        value = self.params.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else default


@dataclass(frozen=True)
class Rule:
    """A way of counting. ``text`` is complete: it goes into every manifest that uses the rule.

    ``decide`` takes the setting and the choices, without the blank ones, and answers the winners
    and the detail; its third argument is how many ballots were counted, blanks included.
    """

    id: str
    methods: tuple[str, ...]
    text: str
    decide: Callable[[Setting, Groups, int], tuple[list[str], dict[str, object]]]


TIE_ORDER = (
    "The tie order is fixed before anybody votes: options by ascending SHA-256 of "
    "(the 32 bytes of the manifest's SHA-256, followed by the option's id in UTF-8)."
)
EARLIER_ROUNDS = (
    "Of options with equally many votes, the one with more votes in the latest earlier round in "
    "which they differ stands higher; if they differ in none, the one that comes first in the tie "
    "order does."
)
