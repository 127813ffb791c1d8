"""What an author says against a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.web.fields import TextField


class AppealForm(forms.Form):
    """Their words; whoever reads them has not decided before."""

    words = TextField(
        label=_("Why do you think that it is wrong?"),
        max_length=2_000,
        help_text=_("Another moderator than the first reads it, together with your text."),
        error_messages={"required": _("Write why you think that it is wrong.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
