"""The town's words to look out for, in a text that arrives.

Deliberately absent: keeping the list; ``services.listing`` does.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.moderation.domain.verdicts import Noticed
from engage.moderation.domain.words import Listed, replaced
from engage.moderation.models import Word

_Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The text with words replaced, and which words of the list were found."""

    text: str
    noticed: tuple[Noticed, ...] = ()
    holds: bool = False


def look_for_words(text: str, language: str) -> Wording:
    """Find listed words in a text written on pages in ``language``; one query.

    Raises DomainError("text.blocked") with the word that the town does not take.
    """
    listed = Word.objects.only("word", "language", "action", "replacement").order_by("pk")
    rows = [(each.word, each.action_in(language), each.replacement) for each in listed]
    hits = _listed(tuple(sorted({word for word, _action, _by in rows}))).hits(text)
    found = [row for row in rows if row[0] in {hit.word for hit in hits}]
    _refuse_blocked(found)
    by = {word: new or "…" for word, action, new in found if action == Word.Action.REPLACE}
    told = [row for row in found if row[1] in (Word.Action.HOLD, Word.Action.FLAG)]
    noticed = dict.fromkeys(Noticed("word", word) for word, _action, _by in told)
    holds = any(action == Word.Action.HOLD for _word, action, _by in told)
    return Wording(replaced(text, hits, by), tuple(noticed), holds)


@lru_cache(maxsize=8)
def _listed(words: tuple[str, ...]) -> Listed:
    """Ready to be looked for, as long as the list stays as it is."""
    return Listed(words)


def _refuse_blocked(found: list[_Row]) -> None:
    blocked = [word for word, action, _by in found if action == Word.Action.BLOCK]
    if blocked:
        sentence = _(
            "The town does not take texts with the word “%(word)s”. Write it another way; nothing "
            "you typed is lost."
        ) % {"word": blocked[0]}
        raise DomainError("text.blocked", sentence)
