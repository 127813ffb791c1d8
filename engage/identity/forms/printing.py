"""Which letters to print: those shown on the pile, or a batch that was printed before."""

import uuid
from datetime import datetime

from django import forms

from engage.identity.selectors.residence import MOST_AT_ONCE


class PileForm(forms.Form):
    """The numbers of letters, separated by spaces, exactly as the page named them."""

    letters = forms.CharField(max_length=37 * MOST_AT_ONCE)

    def clean_letters(self) -> list[uuid.UUID]:
        try:
            return [uuid.UUID(key) for key in self.cleaned_data["letters"].split()]
        except ValueError:
            raise forms.ValidationError("letters") from None


class BatchForm(forms.Form):
    """The moment at which a batch was printed, to the microsecond."""

    printed_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def clean_printed_at(self) -> datetime:
        """At the ends of the calendar another time zone has no such moment."""
        at: datetime = self.cleaned_data["printed_at"]
        if not 2000 < at.year < 9000:
            raise forms.ValidationError("printed_at")
        return at
