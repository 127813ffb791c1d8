"""What a clerk types about somebody in front of them: an address, papers, an area, a reason.

Deliberately absent: anything that finds more than one person.
"""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.areas import SEPARATOR
from engage.identity.domain.roles import Role
from engage.identity.forms.letters import SPELLED, LineField
from engage.identity.models import Area, Disclosure, User
from engage.identity.selectors.residence import areas_for

OLDEST_YEARS = 125


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("All of it. Parts of an address find nobody."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", **SPELLED}),
        error_messages={"required": _("Enter the person's whole e-mail address.")},
    )


class BirthField(forms.DateField):
    """The date of birth of somebody alive."""

    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        born, today = super().clean(value), timezone.localdate()
        if born and not (born <= today and born.year >= today.year - OLDEST_YEARS):
            raise forms.ValidationError(_("Check the year: nobody alive was born then."))
        return born


class PapersForm(forms.Form):
    name = LineField(
        label=_("Name in the papers"),
        help_text=_("First and family names, as written there. We keep a digest, not the name."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", **SPELLED}),
        error_messages={"required": _("Enter the name as it stands in the papers.")},
    )
    born_on = BirthField(
        label=_("Date of birth"),
        error_messages={
            "required": _("Enter the date of birth."), "invalid": _("Enter a date."),
        },
    )  # fmt: skip


class AreaField(forms.ModelChoiceField):
    """An area of the clerk's, each set in by how deep it lies."""

    def label_from_instance(self, area: Area) -> str:
        return "\u2013 " * area.path.count(SEPARATOR) + area.name


class CheckForm(PapersForm):
    area = AreaField(
        label=_("Lives in"),
        help_text=_("By the address in the papers; the smallest area that you can tell."),
        queryset=Area.objects.none(),
        empty_label=_("Choose an area"),
        error_messages={
            "required": _("Choose the area."), "invalid_choice": _("Choose one of your areas."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, clerk: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_for(clerk, Role.OFFICER)


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"),
        help_text=_("The person sees this reason, the day and that it was you."),
        choices=[
            (Disclosure.Why.MOVED, _("They moved away")),
            (Disclosure.Why.MISTAKE, _("It was a mistake of ours")),
            (Disclosure.Why.TWICE, _("They have another account")),
            (Disclosure.Why.ASKED, _("They asked for it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason.")},
    )
