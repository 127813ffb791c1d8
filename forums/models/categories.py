"""Where people talk: a category has an area, a theme, and says who reads, who writes and how."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.eligibility import Rule
from engage.identity.domain.levels import Level
from engage.identity.models import Area


class Category(models.Model):
    """A place for threads. ``theme`` groups categories; ``closed`` ones are read, not written."""

    class Readers(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        ACCOUNT = "account", _("Everyone who is signed in")
        STAFF = "staff", _("People who work for the town")

    class Levels(models.IntegerChoices):
        EMAIL = Level.EMAIL, _("E-mail address confirmed")
        ADDRESS = Level.ADDRESS, _("Address confirmed by letter")
        IN_PERSON = Level.IN_PERSON, _("Checked in person")

    class Look(models.TextChoices):
        AFTER = "after", _("Shown at once, looked at afterwards")
        BEFORE = "before", _("Shown once a moderator has looked at it")

    slug = models.SlugField(_("short name in the address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("what it is about"), max_length=300, blank=True)
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Its moderators look after it. Without one it is the whole town's."),
    )  # fmt: skip
    readers = models.CharField(
        _("who may read"), max_length=8, choices=Readers.choices, default=Readers.EVERYONE
    )
    level = models.PositiveSmallIntegerField(
        _("who may write"), choices=Levels.choices, default=Level.EMAIL
    )
    only_residents = models.BooleanField(_("only residents of the area write"), default=False)
    look = models.CharField(_("moderation"), max_length=6, choices=Look.choices, default=Look.AFTER)
    closed = models.BooleanField(_("closed for new texts"), default=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(only_residents=False)
                | (Q(area__isnull=False) & Q(level__gte=Level.ADDRESS)),
                name="category_residents_of_an_area",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.slug])

    @property
    def asked(self) -> Rule:
        """Who may write here, as a rule over what is known of a person."""
        area = self.area_id if self.only_residents else ""
        return Rule(level=Level(self.level), area=area or "")
