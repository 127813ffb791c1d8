"""What was typed, taken in: cleaned, not empty, not too long, and as html.

Deliberately absent: what moderation makes of it; ``engage.moderation`` looks it over afterwards.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.domain.errors import DomainError
from engage.domain.sanitise.lines import Unwritable, many_lines, one_line
from engage.identity.models import User
from engage.web.markdown import to_html

LONGEST_TEXT = 20_000
LONGEST_TITLE = 120


def taken_text(text: str) -> str:
    """``text`` as it is kept. Raises DomainError("text.empty" | "text.unwritable" |
    "text.too-long")."""
    return _taken(text, many_lines, _("Write something first."), LONGEST_TEXT)


def taken_title(title: str) -> str:
    """``title`` on one line; raises the same."""
    return _taken(title, one_line, _("Give the thread a subject."), LONGEST_TITLE)


def html_of(text: str, named: Collection[User] = ()) -> str:
    """What a post's page shows of ``text``, which names these people: cleaned once, and kept.

    Lines end where they were typed to end: residents write letters, not Markdown.
    """
    names = tuple(person.display_name for person in named)
    return str(to_html(text, mentions=names, breaks=True))


def _taken(text: str, clean: Callable[[str], str], missing: str, most: int) -> str:
    try:
        cleaned = clean(text)
    except Unwritable as error:
        sentence = _("There are signs in this text that cannot be kept. Type it without them.")
        if error.code == "blank":
            raise DomainError("text.empty", missing) from None
        raise DomainError("text.unwritable", sentence) from None
    if not cleaned:
        raise DomainError("text.empty", missing)
    return _no_longer(cleaned, most)


def _no_longer(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    sentence = ngettext(
        "This is too long: at most %(n)d character.",
        "This is too long: at most %(n)d characters.",
        most,
    )
    raise DomainError("text.too-long", sentence % {"n": most})
