"""What is known of a person, how it was found out, and until when it counts.

Deliberately absent: the address itself. It is kept in a letter until its code comes back, and the
claim then says only which area it was. That an e-mail address is confirmed is allauth's to keep.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.eligibility import Claim as Known
from engage.identity.domain.levels import Level
from engage.identity.models.areas import Area


class Claim(models.Model):
    """One thing that is known of a person. A newer one of the same level takes its place.

    ``subject`` is a keyed digest of who was proved (a document, an issuer's subject), so that the
    same person cannot be proved in two accounts; it cannot be turned back.
    """

    class Levels(models.IntegerChoices):
        ADDRESS = Level.ADDRESS, _("Address confirmed by letter")
        IN_PERSON = Level.IN_PERSON, _("Checked in person")
        NATIONAL = Level.NATIONAL, _("National identity")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    level = models.PositiveSmallIntegerField(_("level"), choices=Levels.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    source = models.CharField(_("found out by"), max_length=60)
    subject = models.CharField(max_length=64, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("checked by"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("since"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint("person", "level", name="claim_one_of_a_level"),
            models.UniqueConstraint(
                "level", "subject", condition=~Q(subject=""), name="claim_subject_is_one_person"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("made_at")),
                name="claim_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def known(self) -> Known:
        """The same for pure rules."""
        return Known(
            level=Level(self.level), since=self.made_at, until=self.expires_at,
            area=self.area_id or "", born=self.born_on,
        )  # fmt: skip


class Letter(models.Model):
    """A letter with a code on its way to an address; gone once the code came back or ran out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letter")
    name = models.CharField(_("name on the letter"), max_length=100)
    street = models.CharField(_("street and number"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=16)
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index("printed_at", "asked_at", name="letter_by_printing")]

    def __str__(self) -> str:
        return str(self.pk)
