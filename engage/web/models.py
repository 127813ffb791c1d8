"""What the town says of itself: its name and colours, and the texts it answers for.

Without a row the environment's ``TOWN_*`` count. Deliberately absent: a second town; one
installation serves one.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Town(models.Model):
    """The one town of this installation, as its administrators set it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name of the town"), max_length=60)
    office = models.CharField(_("who runs this site"), max_length=120)
    colour = models.CharField(_("colour"), max_length=7)
    currency = models.CharField(_("currency"), max_length=4)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("changed by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("town")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="town_is_one")]

    def __str__(self) -> str:
        return self.name


class Text(models.Model):
    """One version of a text in one language. A newer one is added; none is ever changed."""

    class Slug(models.TextChoices):
        IMPRINT = "imprint", _("Who runs this site")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")
        HOUSE_RULES = "house-rules", _("House rules")
        ASSISTED = "assisted", _("Read aloud before a clerk helps")
        LETTER = "letter", _("Letter with the code")

    slug = models.CharField(_("text"), max_length=20, choices=Slug.choices)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"), max_length=50_000)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("published by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["slug", "language", "-version"]
        constraints = [
            models.UniqueConstraint("slug", "language", "version", name="text_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="text_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, {self.version})"
