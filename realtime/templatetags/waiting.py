"""The words for how many new things wait behind a button, whose number only a script will know.

Deliberately absent: the number. It is what the page itself has not shown yet.
"""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from realtime.templatetags.presence import SAMPLES

register = template.Library()

NUMBERS = (1, 2, 3, *SAMPLES)


@register.simple_tag
def new_posts_words() -> SafeString:
    """For a button ``data-live-waiting``; the script picks by plural form."""
    return _words([(n, ngettext("{n} new post", "{n} new posts", n)) for n in NUMBERS])


@register.simple_tag
def new_texts_words() -> SafeString:
    """The same where texts of any kind arrive."""
    return _words([(n, ngettext("{n} new text", "{n} new texts", n)) for n in NUMBERS])


def _words(said: list[tuple[int, str]]) -> SafeString:
    return format_html_join("", ' data-n{}="{}"', said)
