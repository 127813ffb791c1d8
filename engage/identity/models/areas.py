"""Where people live: a tree of areas, and which postcodes and streets lie in which.

An area's key is its path (``eddersford/millbank``), so that rules need no query to compare two.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """A city, a district or a ward. There is exactly one city; all else lies in it."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        WARD = "ward", _("Ward")

    path = models.CharField(
        max_length=200,
        primary_key=True,
        validators=[RegexValidator(r"^[a-z0-9-]{1,60}(/[a-z0-9-]{1,60}){0,2}\Z")],
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("in")
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint("kind", condition=Q(kind="city"), name="area_one_city"),
            models.CheckConstraint(
                condition=Q(kind="city", parent__isnull=True)
                | (~Q(kind="city") & Q(parent__isnull=False)),
                name="area_only_the_city_lies_in_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A postcode, or one street of it, and its area. ``street`` is folded and may be empty."""

    postcode = models.CharField(_("postcode"), max_length=16)
    street = models.CharField(_("street"), max_length=120, blank=True)
    area = models.ForeignKey(Area, models.CASCADE, related_name="places", verbose_name=_("area"))

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["postcode", "street"]
        constraints = [
            models.UniqueConstraint("postcode", "street", name="place_in_one_area_only"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.street}".strip()
