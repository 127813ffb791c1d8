"""The town's published texts in the shell: which there are, and how languages call themselves."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from engage.web.models import Text
from engage.web.town import Present

register = template.Library()

LINKED = (Text.Slug.IMPRINT, Text.Slug.PRIVACY, Text.Slug.ACCESSIBILITY, Text.Slug.HOUSE_RULES)
"""What stands at the foot of every page; the others are linked where they are needed."""


@register.simple_tag(takes_context=True)
def texts_to_link(context: template.Context) -> list[tuple[str, str, str]]:
    """``(slug, title, language)`` of what is published; the language only where it is another."""
    town: Present = context["town"]
    wanted = (get_language(), settings.LANGUAGE_CODE)
    found = []
    for slug in LINKED:
        titles = town.texts.get(slug, {})
        spoken = next((each for each in (*wanted, *titles) if each in titles), None)
        if spoken:
            found.append((slug.value, titles[spoken], "" if spoken == wanted[0] else spoken))
    return found


@register.filter
def own_name(language: str) -> str:
    """What a language is called by those who speak it."""
    return dict(settings.LANGUAGES).get(language, language)
