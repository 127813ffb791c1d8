"""What a person agreed to, in which words; what they want no mail about; who saw their data."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def this_day() -> datetime:
    """When today began in the town: the day and never the minute of what a clerk does at the desk.

    People are looked up to vote with help, and a minute beside the public log could tell whose
    ballot is whose.
    """
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class Consent(models.Model):
    """A yes to one version of a text. Withdrawing keeps the row: both are facts."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    text = models.CharField(_("text"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                "person", "text", "version", condition=Q(withdrawn_at__isnull=True),
                name="consent_given_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.text} {self.version}"


class OptOut(models.Model):
    """A kind of mail that this person does not want."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="opt_outs")
    about = models.CharField(_("about"), max_length=40)

    class Meta:
        verbose_name = _("mail not wanted")
        verbose_name_plural = _("mails not wanted")
        ordering = ["about"]
        constraints = [models.UniqueConstraint("person", "about", name="opt_out_once")]

    def __str__(self) -> str:
        return self.about


class Disclosure(models.Model):
    """That somebody of the council saw or was sent data of a person, and why."""

    class Why(models.TextChoices):
        SEARCH = "search", _("Looked up at the desk")
        LETTER = "letter", _("Printed the letter with the code")
        CHECK = "check", _("Checked in person")
        ASSIST = "assist", _("Acted for you")
        ROLES = "roles", _("Gave or took a role")
        OPERATOR = "operator", _("Opened in the operators' pages")
        MOVED = "moved", _("Took a confirmation back: the person moved")
        MISTAKE = "mistake", _("Took a confirmation back: it was a mistake")
        TWICE = "twice", _("Took a confirmation back: the person has another account")
        ASKED = "asked", _("Took a confirmation back: the person asked for it")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="disclosures")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("seen by"),
    )  # fmt: skip
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_why_display()
