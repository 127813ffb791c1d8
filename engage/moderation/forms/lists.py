"""What is typed into the lists of the desk: reasons, words, the promised time."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from engage.moderation.models import Word
from engage.web.fields import LineField, TextField

STATEMENT = 2_000


class ReasonForm(forms.Form):
    """The words of a reason."""

    title = LineField(
        label=_("Reason"),
        max_length=200,
        help_text=_("As moderators choose it and as the public log shows it."),
        error_messages={"required": _("Write the reason in a few words.")},
    )
    rule = LineField(
        label=_("Rule of the house"),
        max_length=60,
        required=False,
        help_text=_("Which of the house rules it is, in the words of that page."),
    )
    statement = TextField(
        label=_("What the author is told"),
        max_length=STATEMENT,
        help_text=_(
            "What is wrong and what would be right. How to appeal is added to every message."
        ),
        error_messages={"required": _("Write what the author is told.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class NewReasonForm(ReasonForm):
    """A reason that is new, or new in one language."""

    code = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Small letters, numbers and dashes; the same in every language."),
        error_messages={"required": _("Write a short name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("code", "language", "title", "rule", "statement")

    def clean_code(self) -> str:
        return self.cleaned_data["code"].lower()


class WordForm(forms.Form):
    """A word and what happens to texts with it."""

    word = LineField(
        label=_("Word"),
        max_length=60,
        help_text=_("One word, or several that stand together. Capitals and accents do not count."),
        error_messages={"required": _("Write the word.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("In texts in"),
        required=False,
        choices=[("", _("every language"))],
        help_text=_("In texts from pages in another language, moderators are pointed to it."),
    )
    action = forms.ChoiceField(
        label=_("What happens"),
        choices=Word.Action.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens.")},
    )
    replacement = LineField(
        label=_("Replace it by"),
        max_length=60,
        required=False,
        help_text=_("Only where the word is replaced."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("every language")), *settings.LANGUAGES]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        replaces = typed.get("action") == Word.Action.REPLACE and "replacement" not in self.errors
        if replaces and not typed["replacement"]:
            self.add_error("replacement", _("Write what stands in its place."))
        return typed


class TryForm(forms.Form):
    """A text to see what would happen to it; nothing of it is kept."""

    text = TextField(
        label=_("Try a text"),
        max_length=10_000,
        help_text=_("You see what would happen to it. Nothing of it is kept."),
        error_messages={"required": _("Write a text to try.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(label=_("It is written in"), choices=settings.LANGUAGES)
    prefix = "try"


class PromiseForm(forms.Form):
    """Within how many hours moderators decide."""

    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=1,
        max_value=720,
        help_text=_("From 1 to 720, which is a month. The public figures say how often you did."),
        error_messages={"required": _("Write a number of hours.")},
    )
