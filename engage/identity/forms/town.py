"""What an administrator types of the town and of its texts; one line stays one line."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.web.markdown import LONGEST
from engage.web.palette import HEX, nearest, palette


class LineField(forms.CharField):
    """Words on one line, every sign of them visible: it goes into subjects of mails too."""

    def clean(self, value: Any) -> str:
        line = super().clean(value)
        if not line.isprintable():
            raise forms.ValidationError(
                _("Write it on one line, without signs that cannot be seen."), code="unseen"
            )
        return line


class TownForm(forms.Form):
    """``looks_right`` also asks whether the colour can be read; a preview need not.

    ``tried`` is the colour that was typed, readable or not; empty where none was.
    """

    tried = ""

    name = LineField(
        label=_("Name of the town"),
        max_length=60,
        help_text=_("It stands at the top of every page and in the subject of every mail."),
        error_messages={"required": _("Write the name of the town.")},
    )
    office = LineField(
        label=_("Who runs this site"),
        max_length=120,
        help_text=_("The office as residents know it: at the foot of every page and mail."),
        error_messages={"required": _("Write who runs this site.")},
    )
    currency = LineField(
        label=_("Currency"),
        max_length=4,
        help_text=_("As it stands beside an amount: £, €, CHF."),
        error_messages={"required": _("Write the sign of the currency.")},
    )
    colour = forms.CharField(
        label=_("Colour"),
        max_length=7,
        help_text=_("As #rrggbb, the way a style guide names it. Every other shade follows."),
        error_messages={"required": _("Write the colour as #rrggbb.")},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "size": "9"}),
    )

    def clean_colour(self) -> str:
        colour = self.cleaned_data["colour"].lower()
        colour = colour if colour.startswith("#") else f"#{colour}"
        if short := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", colour):
            colour = "#" + "".join(2 * digit for digit in short.groups())
        if not HEX.fullmatch(colour):
            raise forms.ValidationError(_("Write the colour as #rrggbb, for example #7b1f51."))
        self.tried = colour
        return colour

    def looks_right(self) -> bool:
        """Whether it may be saved; a colour that could not be read becomes the field's error."""
        if not self.is_valid():
            return False
        colour = self.cleaned_data["colour"]
        try:
            palette(colour)
        except ValueError:
            sentence = _("Words in this colour could not be read. %(near)s has the same hue.")
            self.add_error("colour", sentence % {"near": nearest(colour)})
        return not self.errors


class TextForm(forms.Form):
    """A text's words; ``after`` is the version that the writer had in front of them."""

    title = LineField(
        label=_("Title"),
        max_length=100,
        help_text=_("Also the words of the link to it."),
        error_messages={"required": _("Write a title.")},
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        help_text=_("Markdown works: **bold**, lists, links, ## headings. No HTML, no pictures."),
        error_messages={"required": _("Write the text.")},
        widget=forms.Textarea(attrs={"rows": 20}),
    )
    after = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        return self.cleaned_data["body"].replace("\r\n", "\n")
