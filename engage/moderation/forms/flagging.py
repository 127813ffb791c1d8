"""Why a reader objects to a text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.moderation.models import Flag
from engage.web.fields import TextField


class FlagForm(forms.Form):
    """One reason, and a few words of one's own."""

    why = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Flag.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    words = TextField(
        label=_("In your words"),
        max_length=500,
        required=False,
        help_text=_("Only moderators read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
