"""What each app holds of a person, so that it can be shown, handed over, moved and erased.

Deliberately absent: knowledge of any table here. An app that keeps something of people registers a
``Holding`` when it is ready; one that does not is found by the test that looks for the erased.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from engage.identity.models import User

Row = dict[str, object]
"""``table`` ("identity.claim") and the values by the names of its fields, as ``rows_of`` makes it.

Purposes and ends are looked up in the register of processing by these names.
"""
PLAIN = (bool, int, float, date, datetime, list, dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many things went over to the account; how many stayed, as it had its own of them."""

    moved: int = 0
    stayed: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.moved + other.moved, self.stayed + other.stayed)


def _moves_nothing(old_key: uuid.UUID, person: User) -> Moved | None:
    return None


def _uses_nothing_up(key: uuid.UUID) -> None:
    return None


def _signs_nothing(person: User) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one app holds, and the verbs for it; each runs inside the caller's transaction.

    ``export`` gives every row about the person. ``erase`` leaves nothing by which they could be
    found: what counts stays without them, texts stay without a name if ``keep_texts``, else go.
    ``move`` takes what a participant did (by their key) to an account; None: there was nothing.
    ``spend`` keeps what an account (by its key) has used up, by what proves the person, before a
    proof is taken from it: another account that is proved by the same must not have it again.
    ``rename`` lets whoever has a page open see the person's new name.
    """

    name: str
    label: str | Promise
    export: Callable[[User], list[Row]]
    erase: Callable[[User, bool], None]
    move: Callable[[uuid.UUID, User], Moved | None] = _moves_nothing
    spend: Callable[[uuid.UUID], None] = _uses_nothing_up
    rename: Callable[[User], None] = _signs_nothing


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Count ``holding`` in from now on. Idempotent: a name counts once, the newest wins."""
    _holdings[holding.name] = holding


def withdraw(name: str) -> None:
    """Count it in no more; for tests that bring a holding of their own."""
    _holdings.pop(name, None)


def holdings() -> tuple[Holding, ...]:
    """All of them, the lowest app first; whoever erases goes backwards, so the account is last."""
    return tuple(_holdings.values())


def rows_of(things: QuerySet, *fields: str) -> list[Row]:
    """A row for each of ``things`` with these fields, in one query if their areas came along."""
    return [_row(thing, fields) for thing in things]


def _row(thing: Model, fields: Iterable[str]) -> Row:
    return {"table": thing._meta.label_lower} | {name: _plain(thing, name) for name in fields}


def _plain(thing: Model, name: str) -> object:
    """A field's value in plain types: choices in words, other things as they call themselves."""
    in_words = getattr(thing, f"get_{name}_display", None)
    value = in_words() if in_words else getattr(thing, name)
    return value if isinstance(value, PLAIN) or value is None else str(value)


def keep_what_is_spent(key: uuid.UUID) -> None:
    """Before a proof leaves the account ``key``, in the caller's transaction. Idempotent."""
    for holding in holdings():
        holding.spend(key)


def move_to_account(old_key: uuid.UUID, person: User) -> Moved:
    """Take all that the participant ``old_key`` did to ``person``, in the caller's transaction."""
    told = [holding.move(old_key, person) for holding in holdings()]
    return sum((each for each in told if each), Moved())
