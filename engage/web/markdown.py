"""What people wrote as Markdown, for templates: the door to ``engage.domain.sanitise.markdown``.

Deliberately absent: any rule of its own.
"""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from engage.domain.sanitise import markdown
from engage.domain.sanitise.markdown import TAGS
from engage.domain.sanitise.parsing import LONGEST

__all__ = ["LONGEST", "TAGS", "to_html"]


@lru_cache(maxsize=128)
def to_html(
    source: str, top: int = 3, mentions: tuple[str, ...] = (), breaks: bool = False
) -> SafeString:
    """Safe HTML of Markdown ``source``; its highest heading becomes ``<h{top}>``.

    With ``breaks`` a line ends where it was typed to end.
    """
    return mark_safe(markdown.to_html(source, top, mentions, breaks))  # noqa: S308  just cleaned
