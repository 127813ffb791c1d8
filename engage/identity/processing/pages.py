"""The register of processing as a page, as JSON and as rows of a sheet; all of it in one language.

Deliberately absent: a query. What is stored is read from the models, not from the tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table, Use
from engage.identity.processing import register

BASES = {
    Basis.CONSENT: _("You agreed – article 6 (1) (a) GDPR"),
    Basis.DUTY: _("The law asks for it – article 6 (1) (c) GDPR"),
    Basis.TASK: _("A task of the town – article 6 (1) (e) GDPR"),
    Basis.NOBODY: _("Is about nobody"),
    Basis.UNUSED: _("Stays empty"),
}
COLUMNS = ("table", "field", "purpose", "legal_basis", "kept_until", "seen_by")


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of the register; ``fields`` are those that share a purpose and an end."""

    table: Table
    basis: str
    fields: list[tuple[str, Use]]


def sections() -> dict[str, list[Shown]]:
    """The tables ``about`` people, those about ``nobody``, and those that stay ``unused``."""
    found: dict[str, list[Shown]] = {"about": [], "nobody": [], "unused": []}
    for table in _tables():
        kind = table.basis if table.basis in (Basis.NOBODY, Basis.UNUSED) else "about"
        found[kind].append(Shown(table, str(BASES[table.basis]), list(_fields(table))))
    return found


def as_json() -> list[dict[str, object]]:
    """Every table with each of its fields, for programs."""
    return [
        {
            "table": table.table,
            "purpose": str(table.purpose),
            "legal_basis": str(BASES[table.basis]),
            "fields": {
                name: {
                    "purpose": str(use.purpose),
                    "kept_until": str(use.until),
                    "seen_by": str(use.seen_by),
                }
                for name, use in table.uses.items()
            },
        }
        for table in _tables()
    ]


def as_rows() -> Iterator[tuple[str, ...]]:
    """A row for each field, in the order of ``COLUMNS``."""
    for table in _tables():
        for name, use in table.uses.items():
            words = (use.purpose, BASES[use.basis], use.until, use.seen_by)
            yield (table.table, name, *map(str, words))


def _tables() -> list[Table]:
    return list(register().values())


def _fields(table: Table) -> Iterator[tuple[str, Use]]:
    for names in table.fields:
        by_end: dict[str, list[str]] = {}
        for name in names.split():
            by_end.setdefault(str(table.uses[name].until), []).append(name)
        for same in by_end.values():
            yield ", ".join(same), table.uses[same[0]]
