"""What moderators work with is kept here: reasons, words to look out for, the promised time.

Deliberately absent: removing a reason. One that is out of use stays for the decisions made by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.models import Promise, Reason, Word
from engage.moderation.rules import may_edit_lists

TOPIC = "desk.town"


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason in one language: its short name, itself, the rule, and what the author is told."""

    code: str
    language: str
    title: str
    rule: str
    statement: str


@transaction.atomic
def add_reason(*, by: User, words: ReasonWords) -> Reason:
    """Offer a reason from now on; in another language it takes the place of the one of its code.

    Publishes ``lists.changed``. Raises DomainError("reason.forbidden"), and
    DomainError("reason.conflict") where the code is taken in that language.
    """
    _refuse_unless(by, "reason")
    same = Reason.objects.filter(code=words.code).first()
    last = Reason.objects.aggregate(last=Max("position"))["last"]
    position = same.position if same else (0 if last is None else last + 1)
    in_use = same.in_use if same else True
    try:
        with transaction.atomic():
            made = Reason.objects.create(**_values(words), position=position, in_use=in_use)
    except IntegrityError:
        sentence = _("There is a reason with this short name in this language already.")
        raise DomainError("reason.conflict", sentence) from None
    publish(TOPIC, "lists.changed")
    return made


@transaction.atomic
def change_reason(*, reason: Reason, by: User, title: str, rule: str, statement: str) -> Reason:
    """Word a reason anew; decisions made by it keep the words they were made with.

    Locks the reason. Publishes ``lists.changed``. Idempotent because the same words change
    nothing. Raises DomainError("reason.forbidden").
    """
    _refuse_unless(by, "reason")
    fresh = Reason.objects.select_for_update().get(pk=reason.pk)
    words = {"title": title, "rule": rule, "statement": statement}
    return _changed(fresh, words)


@transaction.atomic
def use_reason(*, code: str, by: User, in_use: bool) -> None:
    """Take a reason out of use in every language, or back. Publishes ``lists.changed``.

    Idempotent. Raises DomainError("reason.forbidden"), DomainError("reason.not-found").
    """
    _refuse_unless(by, "reason")
    rows = Reason.objects.filter(code=code)
    if not rows.exists():
        raise DomainError("reason.not-found", _("There is no such reason."))
    if rows.exclude(in_use=in_use).update(in_use=in_use):
        publish(TOPIC, "lists.changed")


@transaction.atomic
def move_reason(*, code: str, by: User, up: bool) -> None:
    """Let a reason and the one beside it change places; the first and the last stay there.

    Locks all reasons, so that two moves make two. Publishes ``lists.changed``.
    Raises DomainError("reason.forbidden"), DomainError("reason.not-found").
    """
    _refuse_unless(by, "reason")
    rows = Reason.objects.select_for_update().order_by("position", "pk").values_list("code")
    order = list(dict.fromkeys(row[0] for row in rows))
    if code not in order:
        raise DomainError("reason.not-found", _("There is no such reason."))
    here = order.index(code)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, each in enumerate(order):
        Reason.objects.filter(code=each).exclude(position=position).update(position=position)
    publish(TOPIC, "lists.changed")


@transaction.atomic
def begin_with_reasons(*, reasons: Sequence[ReasonWords]) -> None:
    """Store the reasons that a town begins with, for a language that has none.

    Idempotent because a language that has any is left as it is. Publishes ``lists.changed``.
    """
    if not reasons or Reason.objects.filter(language=reasons[0].language).exists():
        return
    places = dict(Reason.objects.values_list("code", "position"))
    Reason.objects.bulk_create(
        Reason(**_values(words), position=places.get(words.code, number))
        for number, words in enumerate(reasons)
    )
    publish(TOPIC, "lists.changed")


@transaction.atomic
def add_word(*, by: User, word: str, language: str, action: str, replacement: str = "") -> Word:
    """Look out for a word from now on; texts that are there already stay as they are.

    Publishes ``lists.changed``. Raises DomainError("word.forbidden"), DomainError("word.conflict").
    """
    _refuse_unless(by, "word")
    kept = replacement if action == Word.Action.REPLACE else ""
    try:
        with transaction.atomic():
            made = Word.objects.create(
                word=word, language=language, action=action, replacement=kept, by=by
            )
    except IntegrityError:
        sentence = _("This word is in the list already. Remove it first to change what happens.")
        raise DomainError("word.conflict", sentence) from None
    publish(TOPIC, "lists.changed")
    return made


@transaction.atomic
def remove_word(*, word: Word, by: User) -> None:
    """Look out for it no more. Publishes ``lists.changed``. Idempotent.

    Raises DomainError("word.forbidden").
    """
    _refuse_unless(by, "word")
    if Word.objects.filter(pk=word.pk).delete()[0]:
        publish(TOPIC, "lists.changed")


@transaction.atomic
def promise_time(*, by: User, hours: int) -> Promise:
    """Promise a decision within ``hours`` from now on. Publishes ``lists.changed``.

    Idempotent because the same hours change nothing. Raises DomainError("promise.forbidden").
    """
    _refuse_unless(by, "promise")
    Promise.objects.get_or_create(pk=1)
    return _changed(Promise.objects.select_for_update().get(pk=1), {"hours": hours})


def _changed(row: Any, values: dict[str, object]) -> Any:
    """Store what differs, and tell the desk if anything does."""
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, values[name])
    if differs:
        row.save(update_fields=differs)
        publish(TOPIC, "lists.changed")
    return row


def _values(words: ReasonWords) -> dict[str, str]:
    return {name: getattr(words, name) for name in ReasonWords.__slots__}


def _refuse_unless(by: User, what: str) -> None:
    if not may_edit_lists(by):
        sentence = _("This is for moderators of the whole town and for administrators.")
        raise DomainError(f"{what}.forbidden", sentence)
