"""A file that somebody wants in the tables."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.identity.models import Import


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("A table as CSV"),
        help_text=_(
            "Separated by commas, semicolons or tabs. The first line names the columns: postcode, "
            "street (may be left out), area. An area by its name or its path."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={
            "required": _("Choose a file."), "empty": _("This file is empty."),
        },
    )  # fmt: skip
    kind = Import.Kind.PLACES
