"""An address for a letter, and the code that came in it, as people type them."""

from django import forms
from django.utils.translation import gettext_lazy as _

SPELLED = {"spellcheck": "false", "autocapitalize": "off", "autocorrect": "off"}


class LineField(forms.CharField):
    """One line of text with single spaces."""

    def to_python(self, value: object) -> str:
        return " ".join(super().to_python(value).split())


class LetterForm(forms.Form):
    name = LineField(
        label=_("Name on your letter box"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name on your letter box.")},
    )
    street = LineField(
        label=_("Street and number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        error_messages={"required": _("Enter your street and number.")},
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", **SPELLED}),
        error_messages={"required": _("Enter your postcode.")},
    )

    def clean_postcode(self) -> str:
        return str(self.cleaned_data["postcode"]).upper()


class CodeForm(forms.Form):
    code = LineField(
        label=_("Code from your letter"),
        max_length=40,
        help_text=_("Nine signs in three groups. Capitals and spaces do not matter."),
        widget=forms.TextInput(
            attrs={"class": "input--code input--letter", "autocomplete": "one-time-code", **SPELLED}
        ),
        error_messages={"required": _("Enter the code from your letter.")},
    )
