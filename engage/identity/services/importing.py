"""Files on their way into the tables: tried first, then carried out, piece by piece.

What a file of one kind means is one small class (``place_rows``); everything about pieces, reports
and progress is here. Deliberately absent: removing what a file does not name.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.tables import Columns, Row, read_table
from engage.identity.models import Import, User
from engage.identity.rules import may_administer
from engage.identity.services.place_rows import PlaceRows
from engage.identity.wording import UNREADABLE
from engage.journal.services import publish, show

log = logging.getLogger("engage.imports")
PIECE = 2_000
BREATH_S = 0.02
MOST_BYTES = 30_000_000
MOST_TOLD = 1_000
PAGE = "/office/imports/"
UNDER_WAY = (Import.State.WAITING, Import.State.RUNNING)


class Weighed(Protocol):
    """What a piece would do: how much is new, how much other than it was, what is wrong."""

    added: Sequence[Any]
    changed: Sequence[Any]
    wrong: Sequence[tuple[int, str, str]]

    def keep(self) -> None: ...


class Rows(Protocol):
    """A kind of file: the columns it has, and what its rows mean."""

    columns: Columns
    needed: frozenset[str]

    def __init__(self, rows: Sequence[Row]) -> None: ...

    def weigh(self, rows: Sequence[Row]) -> Weighed: ...


KINDS: dict[str, type[Rows]] = {Import.Kind.PLACES: PlaceRows}


@dataclass
class Run:
    """One import in the hands of one worker; others may work on the same and do no harm."""

    key: uuid.UUID
    rows: list[Row]
    kind: Rows

    @classmethod
    def of(cls, found: Import) -> "Run":
        kind = KINDS[found.kind]
        rows = read_table(bytes(found.rows), kind.columns, kind.needed)
        return cls(found.pk, rows, kind(rows))

    def to_the_end(self) -> None:
        """Piece after piece until nothing is left, with a breath for others who write."""
        while self.advance():
            time.sleep(BREATH_S)

    @transaction.atomic
    def advance(self) -> bool:
        """Work off the next piece; False if there is none.

        Locks the import, so that each piece is done once, whoever works and is killed. Publishes
        ``import.begun`` and ``import.ended``.
        """
        under_way = Import.objects.filter(pk=self.key, state__in=UNDER_WAY)
        found = under_way.select_for_update().defer("rows").first()
        if found is None:
            return False
        if found.by and not may_administer(found.by):
            _refuse(found, "forbidden")
            return False
        if found.state == Import.State.WAITING:
            found.state = Import.State.RUNNING
            publish(found.topic, "import.begun", total=found.total, trial=found.trial)
        piece = self.rows[found.done : found.done + PIECE]
        _count(found, piece, self.kind.weigh(piece))
        _save(found)
        return found.state == Import.State.RUNNING


@transaction.atomic
def receive_import(*, kind: str, raw: bytes, by: User | None, trial: bool = True) -> Import:
    """Take a file in; a worker tries it soon, or carries it out if it is no ``trial``.

    ``by`` is None for whoever runs commands on the server. Raises DomainError("import.forbidden" |
    "import.header" | "import.cells" | "import.empty" | "import.size").
    """
    _refuse_others(by)
    if len(raw) > MOST_BYTES:
        raise _unreadable("size")
    try:
        rows = read_table(raw, KINDS[kind].columns, KINDS[kind].needed)
    except ValueError as error:
        raise _unreadable(str(error)) from error
    return Import.objects.create(kind=kind, rows=raw, total=len(rows), by=by, trial=trial)


@transaction.atomic
def carry_out_import(*, tried: uuid.UUID, by: User) -> Import:
    """Do what was tried. Idempotent because what is under way or done stays so.

    Locks the import. Publishes ``import.asked``. Raises DomainError("import.forbidden" |
    "import.not-found").
    """
    _refuse_others(by)
    found = Import.objects.select_for_update().defer("rows").filter(pk=tried).first()
    if found is None:
        raise DomainError("import.not-found", _("This import was given up."), next=PAGE)
    if found.trial and found.state == Import.State.DONE:
        found.trial, found.state, found.by = False, Import.State.WAITING, by
        found.done = found.added = found.changed = found.wrong = 0
        found.report = []
        publish(found.topic, "import.asked", total=found.total)
        _save(found, "by", "trial")
    return found


@transaction.atomic
def give_up_import(*, tried: uuid.UUID, by: User) -> None:
    """Forget a file that was only tried. Idempotent. Raises DomainError("import.forbidden")."""
    _refuse_others(by)
    Import.objects.filter(pk=tried, trial=True).delete()


def refuse_import(key: uuid.UUID, code: str) -> None:
    """End an import that cannot go on; what was done of it stays."""
    with transaction.atomic():
        found = Import.objects.select_for_update().defer("rows").filter(pk=key).first()
        if found is not None:
            _refuse(found, code)


def progress(found: Import) -> tuple[int, dict[str, Any]]:
    """How far it is, for open pages: a version that only grows, and the numbers."""
    version = found.done if found.trial else found.total + 1 + found.done
    return version, {
        "done": found.done, "added": found.added, "changed": found.changed, "wrong": found.wrong,
        "ballots": found.total, "totals": {"done": found.done},
    }  # fmt: skip


def _count(found: Import, piece: Sequence[Row], weighed: Weighed) -> None:
    if not found.trial:
        weighed.keep()
    found.done += len(piece)
    found.added += len(weighed.added)
    found.changed += len(weighed.changed)
    found.wrong += len(weighed.wrong)
    room = MOST_TOLD - len(found.report)
    found.report += [list(told) for told in weighed.wrong[:room]]
    if found.done >= found.total:
        found.state = Import.State.DONE
        publish(
            found.topic, "import.ended", trial=found.trial, added=found.added,
            changed=found.changed, wrong=found.wrong,
        )  # fmt: skip


def _refuse(found: Import, code: str) -> None:
    found.state = Import.State.REFUSED
    found.report = [*found.report, [0, code, ""]]
    publish(found.topic, "import.ended", trial=found.trial, code=code)
    _save(found)


def _save(found: Import, *more: str) -> None:
    counts = ["state", "done", "added", "changed", "wrong", "report", *more]
    if found.state == Import.State.REFUSED or (
        found.state == Import.State.DONE and not found.trial
    ):
        found.rows = b""
        counts.append("rows")
    found.save(update_fields=counts)
    version, told = progress(found)
    show(found.topic, "progress", version, **told)


def _refuse_others(by: User | None) -> None:
    if by is not None and not may_administer(by):
        raise DomainError("import.forbidden", _("Only the town's administrators import files."))


def _unreadable(code: str) -> DomainError:
    return DomainError(f"import.{code}", str(UNREADABLE[code]), next=PAGE)
