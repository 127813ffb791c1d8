"""How a thread is looked after: pinned, locked, slowed, answered, a repetition, moved, turned.

Deliberately absent: whether somebody may; the services ask that again.
"""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forums.models import Category, Thread

_LINK = re.compile(r"(?:\S*/threads/)?([1-9][0-9]{0,17})(?:[/?#]\S*)?", re.ASCII)

PACES = [
    (0, _("As often as they like")),
    (60, _("Once a minute")),
    (300, _("Once in five minutes")),
    (900, _("Once in a quarter of an hour")),
    (3_600, _("Once an hour")),
    (86_400, _("Once a day")),
]


class ThreadField(forms.CharField):
    """Another thread by its number or by a link to it; its key, or None."""

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).strip()
        if not typed:
            return None
        if not (found := _LINK.fullmatch(typed)):
            raise forms.ValidationError(_("Paste the link to the thread, or write its number."))
        return int(found[1])


class TendForm(forms.Form):
    """``slow`` in seconds; ``duplicate_of`` a thread's key; ``category`` where it is to stand."""

    pinned = forms.BooleanField(
        label=_("Pin it to the top of its category"), required=False
    )  # fmt: skip
    answered = forms.BooleanField(label=_("It has its answer"), required=False)
    locked = forms.BooleanField(
        label=_("Lock it"), help_text=_("It can be read, and nobody writes in it any more."),
        required=False,
    )  # fmt: skip
    slow = forms.TypedChoiceField(
        label=_("How often each person may write in it"), coerce=int, choices=PACES,
    )  # fmt: skip
    duplicate_of = ThreadField(
        label=_("The same as"),
        help_text=_("The link to the other thread, or its number. Empty: it is no repetition."),
        required=False, max_length=200, widget=forms.TextInput({"inputmode": "url"}),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), empty_label=None,
        error_messages={"invalid_choice": _("Choose a category that you look after.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, thread: Thread, categories: list[Category], **kwargs: Any
    ) -> None:
        initial = {
            "pinned": thread.pinned, "answered": thread.answered, "locked": thread.locked,
            "slow": thread.slow_s, "duplicate_of": thread.duplicate_of_id,
            "category": thread.category_id,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        allowed = {each.pk for each in categories} | {thread.category_id}
        self.fields["category"].queryset = Category.objects.filter(pk__in=allowed)
        seconds = thread.slow_s
        if seconds not in dict(PACES):
            other = (seconds, _("Once in %(seconds)d seconds") % {"seconds": seconds})
            self.fields["slow"].choices = [*PACES, other]


class TurnForm(forms.Form):
    """Into what a thread is turned, of what is offered."""

    kind = forms.ChoiceField(
        label=_("Turn it into"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is to become.")},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices
        self.fields["kind"].initial = choices[0][0] if len(choices) == 1 else None
