"""A place to talk, as the office describes it.

Deliberately absent: where somebody may open one; the field offers their areas, the service asks.
"""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.levels import Level
from engage.identity.domain.roles import Role
from engage.identity.forms.people import AreaField
from engage.identity.models import Area, User
from engage.identity.rules import may_administer
from engage.identity.selectors.residence import areas_for
from engage.web.fields import LineField
from forums.models import Category

TAKEN = {"search", "feed", "preview", "new"}
"""Words that are addresses of their own below ``/forum/``."""

FIELDS = (
    "name", "slug", "description", "theme", "area", "readers", "level", "only_residents", "look",
    "closed", "position",
)  # fmt: skip


class CategoryForm(forms.ModelForm):
    """``by`` is who fills it in; their areas are offered, and the whole town to who has that."""

    name = LineField(
        label=_("Name"), max_length=80, error_messages={"required": _("Name the category.")}
    )
    slug = forms.SlugField(
        label=_("Short name in the address"), max_length=60, required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, it is made of the name."),
    )  # fmt: skip
    description = LineField(label=_("What it is about"), max_length=300, required=False)
    theme = LineField(
        label=_("Theme"), max_length=60, required=False,
        help_text=_("Categories of one theme stand together."),
    )  # fmt: skip
    area = AreaField(label=_("Area"), queryset=Area.objects.none(), required=False)

    class Meta:
        model = Category
        fields = FIELDS
        help_texts = {
            "only_residents": _("Asks for an area and for an address confirmed by letter."),
            "closed": _("It can be read, and nobody writes here any more."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, everywhere = self.fields["area"], may_administer(by)
        area.queryset = areas_for(by, Role.ADMINISTRATOR)
        area.required = not everywhere
        area.empty_label = _("The whole town") if everywhere else None
        area.help_text = _("Its moderators look after it. Without one it is the whole town's.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self._free_slug(cleaned["name"])
        if cleaned.get("only_residents"):
            if not cleaned.get("area"):
                self.add_error("area", _("Choose the area whose residents write here."))
            if (cleaned.get("level") or 0) < Level.ADDRESS:
                self.add_error("level", _("Where somebody lives is known from a letter on."))
        return cleaned

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if slug in TAKEN:
            raise forms.ValidationError(_("This word has a meaning of its own. Choose another."))
        return slug

    def _free_slug(self, name: str) -> str:
        begin = slugify(name)[:50].strip("-") or "talk"
        taken = set(Category.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
        taken |= TAKEN
        ways = (begin if n == 1 else f"{begin}-{n}" for n in range(1, len(taken) + 2))
        return next(way for way in ways if way not in taken)
