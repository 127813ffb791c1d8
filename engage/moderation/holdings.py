"""What moderation holds of a person: objections, decisions on their texts, appeals, sanctions.

Registered when the app is ready; see ``engage.identity.holdings``. Deliberately absent: the texts;
their own apps hold them.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.identity.holdings import Holding, Row, rows_of
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Appeal, Decision, Flag, Item, Remark, Sanction, Signal


def export(person: User) -> list[Row]:
    """Everything that was noticed and decided about the person's texts, and what they did.

    Who decided, who objected and what moderators tell each other is about others, too, and stays.
    """
    items = Item.objects.filter(author=person).select_related("area").order_by("pk")
    signals = Signal.objects.filter(item__author=person).order_by("pk")
    return [
        *rows_of(
            items, "kind", "key", "area", "standing", "written_at", "queued_at", "decided_at",
            "links", "pictures", "mentions",
        ),
        *rows_of(signals.select_related("item"), "item", "name", "detail", "at"),
        *rows_of(_flags(person), "item", "why", "words", "at", "upheld"),
        *rows_of(_decisions(person), "item", "verb", "why", "rule", "statement", "detail", "at",
                 "before", "after"),
        *rows_of(_appeals(person), "decision", "words", "at", "outcome", "answer", "answered_at"),
        *rows_of(_sanctions(person), "kind", "area", "since", "until", "lifted_at"),
    ]  # fmt: skip


def _flags(person: User) -> QuerySet[Flag]:
    return Flag.objects.filter(by=person).select_related("item").order_by("pk")


def _decisions(person: User) -> QuerySet[Decision]:
    return Decision.objects.filter(item__author=person).select_related("item").order_by("pk")


def _appeals(person: User) -> QuerySet[Appeal]:
    found = Appeal.objects.filter(decision__item__author=person)
    return found.select_related("decision__item").order_by("pk")


def _sanctions(person: User) -> QuerySet[Sanction]:
    return Sanction.objects.filter(person=person).select_related("area").order_by("pk")


def erase(person: User, keep_texts: bool) -> None:
    """What was decided stays as a count; words to, from and about the person go.

    A signal about their name goes, too. Texts that go with them wait for nobody any more.
    """
    _appeals(person).order_by().update(words="", answer="")
    _decisions(person).order_by().update(statement="")
    Remark.objects.filter(item__author=person).delete()
    Signal.objects.filter(item__author=person, name="lookalike").delete()
    _sanctions(person).delete()
    Flag.objects.filter(by=person).delete()
    items = Item.objects.filter(author=person)
    if not keep_texts:
        items.update(
            standing=Standing.REMOVED, queued_at=None, claimed_by=None, claimed_at=None, fold=""
        )
    items.update(author=None, network="")


MODERATION = Holding("moderation", _("Moderation"), export, erase)
