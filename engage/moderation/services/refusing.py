"""How the desk refuses: one sentence for each reason, with the way on.

Deliberately absent: the rules; whoever calls has asked them.
"""

from django.utils.translation import gettext as _

from engage.domain.errors import DomainError


def no_such_text() -> DomainError:
    return DomainError("text.not-found", _("There is no such text."))


def not_yours() -> DomainError:
    sentence = _("Moderators decide on texts of their areas, and never on their own.")
    return DomainError("item.forbidden", sentence)


def decided_meanwhile() -> DomainError:
    sentence = _("Somebody has decided on this text meanwhile. Look at it again.")
    return DomainError("item.conflict", sentence)


def changed_meanwhile() -> DomainError:
    sentence = _("This text was changed or decided on meanwhile. Read it again, then decide.")
    return DomainError("item.conflict", sentence)


def looked_at_by_another() -> DomainError:
    sentence = _("Another moderator is looking at this text. Take the next one.")
    return DomainError("item.claimed.conflict", sentence)


def refuse_empty(words: str, code: str, longest: int = 2_000) -> str:
    """``words`` without blanks around them. Raises DomainError if nothing is left, or too much."""
    words = words.strip()
    if not words:
        raise DomainError(f"{code}.incomplete", _("Write a few words; nobody reads an empty text."))
    if len(words) > longest:
        sentence = _("Write at most %(n)d characters.") % {"n": longest}
        raise DomainError(f"{code}.incomplete", sentence)
    return words
