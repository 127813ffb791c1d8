"""Whom to trust with what, where: only areas that the giver administers can be chosen.

Deliberately absent: a search. Whoever gives a role knows the person's exact address.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.areas import SEPARATOR
from engage.identity.models import Area, RoleGrant, User

WHOLE_TOWN = "*"


class RoleForm(forms.Form):
    """``cleaned_data["person"]`` is an account that somebody can sign in to, and not the giver."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Exactly as the person signs in with it. They must have signed in once."),
        error_messages={"required": _("Enter the person's e-mail address.")},
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=RoleGrant.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )
    area = forms.ChoiceField(
        label=_("Where"),
        help_text=_("A role holds in the area and in everything that lies in it."),
        error_messages={"required": _("Choose an area.")},
    )

    def __init__(self, *args: Any, giver: User, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver = giver
        self.fields["area"].choices = [("", _("Choose an area")), *_choices(areas)]

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        person = _account_of(address)
        if person is None:
            raise forms.ValidationError(
                _("Nobody has confirmed this address here. Ask the person to sign in once.")
            )
        if person == self.giver:
            raise forms.ValidationError(
                _("Nobody gives a role to themselves. Ask another administrator.")
            )
        self.cleaned_data["person"] = person
        return address

    def clean_area(self) -> Area | None:
        chosen = self.cleaned_data["area"]
        return None if chosen == WHOLE_TOWN else Area.objects.get(pk=chosen)


def _account_of(address: str) -> User | None:
    """The account that has proved the address, if it is in use."""
    known = EmailAddress.objects.filter(email__iexact=address, verified=True, user__is_active=True)
    found = known.select_related("user").first()
    return found.user if found else None


def _choices(areas: list[str]) -> list[tuple[str, Any]]:
    """The areas within ``areas``, each set in by how deep it lies."""
    within = Q()
    for path in areas:
        within |= Q(path=path) | Q(path__startswith=f"{path}{SEPARATOR}") if path else ~Q(path="")
    found = Area.objects.filter(within).only("path", "name") if areas else ()
    inner = [(area.path, "\u2013 " * area.path.count(SEPARATOR) + area.name) for area in found]
    return [(WHOLE_TOWN, _("The whole town")), *inner] if "" in areas else inner
