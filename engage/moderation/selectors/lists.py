"""The lists of the desk as their pages show them, each in one query.

Deliberately absent: which texts a word was found in; that is a signal of the text.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet

from engage.moderation.domain.words import Listed as Looked
from engage.moderation.domain.words import replaced
from engage.moderation.models import Promise, Reason, Word

DEFAULT_HOURS = Promise._meta.get_field("hours").get_default()


@dataclass
class Listed:
    """One reason in all its languages; ``missing`` are those of the town that it lacks."""

    code: str
    in_use: bool
    rows: list[Reason] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        there = {row.language for row in self.rows}
        return [code for code, _name in settings.LANGUAGES if code not in there]


def reasons_by_code() -> list[Listed]:
    """Every reason, in the order of the list; the town's own language first."""
    found: dict[str, Listed] = {}
    for row in Reason.objects.order_by("position", "pk"):
        listed = found.setdefault(row.code, Listed(row.code, row.in_use))
        listed.rows.append(row)
    for listed in found.values():
        listed.rows.sort(key=lambda row: (row.language != settings.LANGUAGE_CODE, row.language))
    return list(found.values())


def words_listed() -> QuerySet[Word]:
    """Every word to look out for, by letter."""
    return Word.objects.select_related("by").order_by("word", "language", "pk")


def promised_hours() -> int:
    """Within how many hours the town promises to decide."""
    kept = Promise.objects.filter(pk=1).values_list("hours", flat=True).first()
    return DEFAULT_HOURS if kept is None else kept


@dataclass(frozen=True, slots=True)
class Tried:
    """What would happen to a text: the words that were found, what it would read, and which."""

    found: list[Word]
    action: str
    text: str

    @property
    def replaces(self) -> bool:
        """Whether it would be taken, in other words than it was typed in."""
        actions = {word.action for word in self.found}
        return Word.Action.REPLACE in actions and Word.Action.BLOCK not in actions


def try_text(text: str, language: str) -> Tried:
    """Look for listed words as when a text arrives from pages in ``language``; one query.

    Of several things that would happen, ``action`` is the gravest; empty for nothing.
    """
    words = list(Word.objects.order_by("pk"))
    for word in words:
        word.action = word.action_in(language)
    hits = Looked({word.word for word in words}).hits(text)
    named = {hit.word for hit in hits}
    found = [word for word in words if word.word in named]
    by = {each.word: each.replacement for each in found if each.action == Word.Action.REPLACE}
    actions = {word.action for word in found}
    gravest = next((each.value for each in Word.Action if each in actions), "")
    return Tried(found, gravest, replaced(text, hits, by))
