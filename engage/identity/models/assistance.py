"""That a clerk acted for somebody: who for whom, over which channel, with which consent, on what.

The day and never the minute: with the public log, minutes could tell whose ballot is whose.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engage.identity.models.consents import Consent


class Assistance(models.Model):
    """One thing done for one person. The person's rights counted, never the clerk's."""

    class Channel(models.TextChoices):
        PAPER = "paper", _("On paper")
        PHONE = "phone", _("By phone")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assisted")
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("clerk")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+")
    topic = models.CharField(_("about"), max_length=80)
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("act for somebody")
        verbose_name_plural = _("acts for somebody")
        ordering = ["-on", "topic"]
        constraints = [
            models.UniqueConstraint("person", "topic", name="assistance_once_a_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.get_channel_display()}"
