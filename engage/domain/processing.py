"""What a table keeps and why, so that the register of processing can be made from the models.

Deliberately absent: the tables. Each app describes its own in its ``processing.py``; a field of a
model that nobody described, or a description of a field that is gone, fails the tests.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Words = object
"""A text, or whatever becomes one when it is shown in a reader's language."""


class Basis(StrEnum):
    """Why it may be kept: the letters of article 6 (1) GDPR, that it is about nobody or empty."""

    CONSENT = "a"
    DUTY = "c"
    TASK = "e"
    NOBODY = "nobody"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Use:
    """What one field is for, until when it is kept, who may see it and on which basis."""

    purpose: Words
    until: Words
    seen_by: Words
    basis: Basis


@dataclass(frozen=True, slots=True)
class Table:
    """A model (``identity.letter``) and what each of its fields is for, in words for everybody.

    ``fields`` gives a purpose to one or several names separated by spaces. ``earlier`` names those
    that end before the row does. ``change`` is the name of the page where the person corrects or
    erases it; without one it goes with the account.
    """

    table: str
    purpose: Words
    until: Words
    seen_by: Words
    fields: Mapping[str, Words]
    basis: Basis = Basis.TASK
    earlier: Mapping[str, Words] = field(default_factory=dict)
    change: str = ""

    @property
    def uses(self) -> dict[str, Use]:
        """Every field by its name.

        >>> letter = Table("post.letter", "To write", "a week", "clerks", {"street town": "Where"})
        >>> sorted(letter.uses)
        ['street', 'town']
        """
        return {
            name: Use(purpose, self.earlier.get(name, self.until), self.seen_by, self.basis)
            for names, purpose in self.fields.items()
            for name in names.split()
        }


def complaints(tables: Iterable[Table], stored: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with a register of what is ``stored`` (table: names of its fields).

    >>> complaints([], {"post.letter": ["street"]})
    ['post.letter is described nowhere']
    """
    described: dict[str, Table] = {}
    found = []
    for table in tables:
        if table.table in described:
            found.append(f"{table.table} is described twice")
        described[table.table] = table
    found += [f"{name} is described nowhere" for name in sorted({*stored} - {*described})]
    for name, table in described.items():
        found += _about(table, set(stored[name])) if name in stored else [f"{name} is no table"]
    return found


def _about(table: Table, stored: set[str]) -> Iterator[str]:
    names = [name for names in table.fields for name in names.split()]
    yield from (f"{table.table}.{name} has no purpose" for name in sorted(stored - {*names}))
    yield from (f"{table.table}.{name} is no field" for name in sorted({*names} - stored))
    yield from (f"{table.table}.{name} is no field" for name in sorted({*table.earlier} - stored))
    if len(names) != len({*names}):
        yield f"{table.table} names a field twice"
    for name, use in table.uses.items():
        words = (table.purpose, use.purpose, use.until, use.seen_by)
        if not all(str(word).strip() for word in words):
            yield f"{table.table}.{name} says too little"
