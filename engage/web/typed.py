"""What somebody typed into a form that was not acted on, so that it can be shown and sent again.

Deliberately absent: secrets, files, and anything kept here. It is in the answer or nowhere.
"""

import re
from dataclasses import dataclass

from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.utils.translation import gettext

MOST_CHARACTERS = 100_000
MOST_FIELDS = 200
_SECRET = re.compile(
    r"csrfmiddlewaretoken|passw|secret"
    r"|(?:^|[-_])(?:codes?|otp|pin|tokens?|credential|signature)(?:$|[-_])",
    re.IGNORECASE,
)
_OWN = re.compile(r"_FORMS$|(?:^|-)id$|^next$")  # written by the page, not by a person
_CHOSEN = re.compile(r"[\d\W_T]*|[a-z0-9_./:-]+")  # numbers, times, values of a list
_PART = re.compile(r"^.*-(\d+)-")


@dataclass(frozen=True, slots=True)
class Typed:
    """One value under its field's ``name``; ``label`` is empty for what is no words."""

    name: str
    value: str
    label: str

    @property
    def long(self) -> bool:
        return "\n" in self.value or len(self.value) > 60


def typed_in(request: HttpRequest) -> list[Typed]:
    """The fields of a posted form in order, without its secrets; none if it is too much to show."""
    if request.method != "POST":
        return []
    values = [(name, value) for name, many in request.POST.lists() for value in many]
    kept = [(name, value) for name, value in values if not _is_secret(request, name)]
    size = sum(len(name) + len(value) for name, value in kept)
    if size > MOST_CHARACTERS or len(kept) > MOST_FIELDS:
        return []
    return [Typed(name, value, _label(name, value)) for name, value in kept]


def _is_secret(request: HttpRequest, name: str) -> bool:
    """Also what a view declared with Django's ``sensitive_post_parameters``."""
    declared = getattr(request, "sensitive_post_parameters", ())
    return declared == "__ALL__" or name in declared or bool(_SECRET.search(name))


def _label(name: str, value: str) -> str:
    """A form's own label for a field of this name, as far as it is called by its name."""
    if _CHOSEN.fullmatch(value) or _OWN.search(name):
        return ""
    part = _PART.match(name)
    label = gettext(pretty_name(name[part.end() :] if part else name))
    return f"{label} {int(part[1]) + 1}" if part else label
