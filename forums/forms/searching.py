"""What is asked of the search page: words, where, and since when.

Deliberately absent: an error page of its own. What this page cannot have sent is a bad request.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.rules import Person
from forums.domain.queries import LONGEST
from forums.search.finding import MOST_PAGES, Filters
from forums.selectors.readable import readable_categories

SINCE = [
    ("", _("At any time")),
    ("7", _("In the last week")),
    ("31", _("In the last month")),
    ("365", _("In the last year")),
]


class SearchForm(forms.Form):
    """Categories that the reader does not know of are no choice."""

    q = forms.CharField(
        label=_("Words"), max_length=LONGEST, required=False, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        queryset=None, label=_("Where"), required=False, to_field_name="slug",
        empty_label=_("Everywhere"),
    )  # fmt: skip
    since = forms.ChoiceField(label=_("When"), required=False, choices=SINCE)
    page = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_PAGES, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, person: Person) -> None:
        super().__init__(data, label_suffix="")
        self.fields["category"].queryset = readable_categories(person)

    @property
    def filters(self) -> Filters:
        return Filters(self.cleaned_data["category"], self._since())

    def _since(self) -> datetime | None:
        days = self.cleaned_data["since"]
        return timezone.now() - timedelta(days=int(days)) if days else None
