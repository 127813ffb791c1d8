"""What somebody types into a thread: a subject, a text, and what tells the same form sent twice.

Deliberately absent: whether it may be written, and pictures, which have a form of their own.
"""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as ngettext

from engage.web.fields import LineField, TextField

LONGEST_TEXT, LONGEST_TITLE, LONGEST_OFFICE = 20_000, 120, 120


class AttemptField(forms.UUIDField):
    """A number that the form came with; one that was tampered with counts as none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class TextForm(forms.Form):
    """The text of a post; ``attempt`` in ``cleaned_data`` is the same for the same text only."""

    takes_pictures = False
    text = TextField(
        label=_("Your text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto", "data-text": ""}),
        error_messages={"required": _("Write something first.")},
    )
    attempt = AttemptField(required=False)

    def __init__(self, *args: Any, names: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("attempt", uuid.uuid4())
        if names:
            self.fields["text"].widget.attrs |= _offering(names)

    def clean(self) -> dict[str, Any]:
        """Whoever goes back, writes something else and sends it has written something else."""
        cleaned = super().clean() or {}
        if attempt := cleaned.get("attempt"):
            typed = f"{cleaned.get('title', '')}\n{cleaned.get('text', '')}"
            cleaned["attempt"] = uuid.uuid5(attempt, typed)
        return cleaned


def _offering(names: str) -> dict[str, Any]:
    """Names are offered from that address; how many there are is said in every plural form."""
    told = {f"data-names-n{n}": ngettext("{n} name", "{n} names", n) for n in (1, 2, 3, 5, 8)}
    return {"data-names": names, "data-names-label": _("Names in this thread")} | told


class ReplyForm(TextForm):
    """``to`` is the post that is answered, if it is not the thread."""

    takes_pictures = True
    to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class ThreadForm(TextForm):
    takes_pictures = True
    title = LineField(
        label=_("Subject"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Give the thread a subject.")},
    )
    field_order = ["title", "text"]


class OfficialForm(TextForm):
    office = LineField(
        label=_("In the name of"),
        help_text=_("The office as people know it, such as “Transport office”."),
        max_length=LONGEST_OFFICE,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Name the office that answers.")},
    )
    to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
