"""What somebody is trusted with, where, by whom and for how long."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.domain import roles
from engage.identity.models.areas import Area


class RoleGrant(models.Model):
    """A role in an area and all that lies in it; without an area, in the whole town.

    One that ended stays, so that it can be said who could do what.
    """

    class Role(models.TextChoices):
        ORGANISER = roles.Role.ORGANISER, _("Organiser")
        MODERATOR = roles.Role.MODERATOR, _("Moderator")
        OFFICER = roles.Role.OFFICER, _("Electoral officer")
        AUDITOR = roles.Role.AUDITOR, _("Auditor")
        ADMINISTRATOR = roles.Role.ADMINISTRATOR, _("Administrator")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("given by"),
    )  # fmt: skip
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["area", "role", "person"]
        constraints = [
            models.UniqueConstraint(
                "person", "role", "area", condition=Q(until__isnull=True), name="role_given_once"
            ),
            models.UniqueConstraint(
                "person",
                "role",
                condition=Q(until__isnull=True, area__isnull=True),
                name="role_given_once_for_the_town",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="role_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.area_id or '*'}"

    @property
    def given(self) -> roles.Grant:
        """The same for pure rules."""
        return roles.Grant(roles.Role(self.role), self.area_id or "", self.since, self.until)
