"""What a page needs so that its socket understands the server, and it can explain its end."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from realtime.codes import SENTENCES
from realtime.people import mark_of
from realtime.release import release

register = template.Library()
register.simple_tag(release, name="live_release")


@register.simple_tag(takes_context=True)
def live_me(context: Any) -> str:
    """The mark of the signed-in session that the page is made for; empty for a stranger's page."""
    request = context.get("request")
    signed_in = request is not None and request.user.is_authenticated
    return mark_of(request.session.session_key or "") if signed_in else ""


@register.simple_tag
def close_sentences() -> SafeString:
    """The close codes' sentences in the page's language, for ``live.js``; shown by none but it."""
    pairs = ((int(code), sentence) for code, sentence in SENTENCES.items())
    told = format_html_join("", ' data-c{}="{}"', pairs)
    return format_html('<template id="close-sentences"{}></template>', told)
