"""A file on its way into the tables, piece by piece, with what was wrong in which line."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One upload. ``rows`` holds the file until it is worked off, then nothing."""

    class Kind(models.TextChoices):
        PLACES = "places", _("Postcodes and streets")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    trial = models.BooleanField(_("only try"), default=True)
    rows = models.BinaryField(editable=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="import_done_of_total"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def topic(self) -> str:
        """Its one name in the journal and on live pages; only administrators may follow it."""
        return f"import.{self.pk}"

    def get_absolute_url(self) -> str:
        """Where it is seen at the office."""
        return reverse("import", args=[self.pk])
