"""What a form for writing tells its script."""

from django import template
from django.http import HttpRequest

from forums.pages.sending import forms_sent, mark_of

register = template.Library()
register.simple_tag(mark_of, name="whose")


@register.simple_tag
def sent_before(request: HttpRequest) -> str:
    """The numbers of the last forms that arrived, with blanks between."""
    return " ".join(forms_sent(request))
