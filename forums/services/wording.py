"""What was typed, taken in: cleaned, not empty, not too long, and as html.

Deliberately absent: what moderation makes of it; ``engage.moderation`` looks it over afterwards.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.domain.errors import DomainError
from engage.web.markdown import to_html

LONGEST_TEXT = 20_000
LONGEST_TITLE = 120


def taken_text(text: str) -> str:
    """``text`` without blanks around it. Raises DomainError("text.empty" | "text.too-long")."""
    text = text.replace("\r\n", "\n").strip()
    if not text or "\x00" in text:
        raise DomainError("text.empty", _("Write something first."))
    return _no_longer(text, LONGEST_TEXT)


def taken_title(title: str) -> str:
    """``title`` on one line. Raises DomainError("text.empty" | "text.too-long")."""
    title = " ".join(title.split())
    if not title or "\x00" in title:
        raise DomainError("text.empty", _("Give the thread a subject."))
    return _no_longer(title, LONGEST_TITLE)


def html_of(text: str) -> str:
    """What a post's page shows of ``text``: cleaned once, here, and kept."""
    return str(to_html(text))


def _no_longer(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    sentence = ngettext(
        "This is too long: at most %(n)d character.",
        "This is too long: at most %(n)d characters.",
        most,
    )
    raise DomainError("text.too-long", sentence % {"n": most})
