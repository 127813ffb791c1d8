"""An area's name, what it lies in, its boundary; and a point to look up."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engage.identity.forms.letters import LineField
from engage.identity.forms.people import AreaField
from engage.identity.models import Area

MOST_BYTES = 5_000_000
POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*")


class NameForm(forms.Form):
    name = LineField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the area's name.")},
    )


class AreaForm(NameForm):
    parent = AreaField(
        label=_("Lies in"),
        queryset=Area.objects.filter(~Q(kind=Area.Kind.WARD)),
        empty_label=_("Choose an area"),
        error_messages={
            "required": _("Choose what it lies in."), "invalid_choice": _("Choose an area."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["parent"]


class BoundaryForm(forms.Form):
    """``cleaned_data["geojson"]`` is the text of the file, else what was pasted."""

    file = forms.FileField(
        label=_("A GeoJSON file"),
        help_text=_("One area, in degrees (WGS 84), up to 5 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    geojson = forms.CharField(
        label=_("Or paste it"),
        help_text=_("With both fields empty the boundary is removed."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sent: UploadedFile | None = cleaned.get("file")
        if sent is None:
            return cleaned
        if sent.size > MOST_BYTES:
            raise forms.ValidationError({"file": _("This file is larger than 5 MB. Simplify it.")})
        try:
            cleaned["geojson"] = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                {"file": _("This file is not text in UTF-8. Export it again.")}
            ) from None
        return cleaned


class PointForm(forms.Form):
    """``cleaned_data["at"]`` is (longitude, latitude), as GeoJSON orders them."""

    at = forms.CharField(
        label=_("Latitude and longitude"),
        help_text=_("As maps show them, such as 51.5072, -0.1276."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        error_messages={"required": _("Enter two numbers.")},
    )

    def clean_at(self) -> tuple[float, float]:
        read = POINT.fullmatch(self.cleaned_data["at"])
        latitude, longitude = (float(number) for number in read.groups()) if read else (999, 999)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise forms.ValidationError(
                _("Enter latitude and longitude in degrees, such as 51.5072, -0.1276.")
            )
        return longitude, latitude
