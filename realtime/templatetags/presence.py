"""The words for how many people are here, whose number only a script will know.

Deliberately absent: the number. It is a gauge, and no page waits for it.
"""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

register = template.Library()

SAMPLES = (5, 6, 7, 9, 11, 12, 21, 22, 23, 100, 101, 102, 103)
"""One at least of every plural form from five on to a million (Unicode CLDR, plural rules)."""


@register.simple_tag
def here_words() -> SafeString:
    """The sentence once for each sample, as ``data-n5`` and so on; the script picks by form."""
    said = [
        (n, ngettext("At least one person is here", "At least {n} people are here", n))
        for n in SAMPLES
    ]
    return format_html_join("", ' data-n{}="{}"', said)
