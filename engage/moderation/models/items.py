"""What people wrote, as the desk sees it: how it stands, whether it waits, what was noticed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.models import Area
from engage.moderation.domain.standing import Standing


class Standings(models.TextChoices):
    """``Standing`` in words."""

    HELD = Standing.HELD, _("Waits for a moderator")
    SHOWN = Standing.SHOWN, _("Shown")
    RETURNED = Standing.RETURNED, _("With its author, to be changed")
    HIDDEN = Standing.HIDDEN, _("Hidden")
    REMOVED = Standing.REMOVED, _("Removed")


class Item(models.Model):
    """One text under moderation: ``kind`` and ``key`` name it (``post``, ``17``).

    It waits for a decision while ``queued_at`` is set. ``fold`` is a digest of the text as it
    looks, equal for copies with invisible changes; ``network`` a keyed digest of the network it
    came from, which goes after a week.
    """

    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(_("number"), max_length=40)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="written",
        verbose_name=_("author"),
    )  # fmt: skip
    standing = models.CharField(_("standing"), max_length=8, choices=Standings.choices)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    queued_at = models.DateTimeField(_("waits since"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("looked at by"),
    )  # fmt: skip
    claimed_at = models.DateTimeField(_("looked at since"), null=True, blank=True)
    decided_at = models.DateTimeField(_("last decided"), null=True, blank=True)
    fold = models.CharField(max_length=64, blank=True, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    links = models.PositiveSmallIntegerField(_("links"), default=0)
    pictures = models.PositiveSmallIntegerField(_("pictures"), default=0)
    mentions = models.PositiveSmallIntegerField(_("mentions"), default=0)

    class Meta:
        verbose_name = _("text under moderation")
        verbose_name_plural = _("texts under moderation")
        constraints = [
            models.UniqueConstraint("kind", "key", name="item_once_a_text"),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True) | Q(claimed_at__isnull=False),
                name="item_claim_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                "queued_at", "id", condition=Q(queued_at__isnull=False), name="item_by_waiting"
            ),
            models.Index("author", "written_at", name="item_by_author"),
            models.Index("fold", "written_at", condition=~Q(fold=""), name="item_by_look"),
            models.Index("network", "written_at", condition=~Q(network=""), name="item_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Signal(models.Model):
    """One thing that was noticed about a text, in plain words for moderators and its author."""

    class Name(models.TextChoices):
        SPACE = "space", _("This place looks at every text first")
        WORD = "word", _("A word of the list")
        NEW_ACCOUNT = "new-account", _("The account is new")
        BURST = "burst", _("Many texts in a short time")
        COPY = "copy", _("The same text several times")
        LINKS = "links", _("Mostly links")
        NETWORK = "network", _("Many accounts from one network")
        LOOKALIKE = "lookalike", _("The name looks like that of an office")
        FLAGS = "flags", _("Readers objected")
        EDITED = "edited", _("Changed after it was looked at")

    item = models.ForeignKey(Item, models.CASCADE, related_name="signals")
    name = models.CharField(_("what was noticed"), max_length=12, choices=Name.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("item", "name", "detail", name="signal_once_a_text"),
        ]

    def __str__(self) -> str:
        return self.get_name_display()


class Flag(models.Model):
    """A reader's objection. ``upheld`` is what a moderator made of it; None while it is open."""

    class Why(models.TextChoices):
        INSULT = "insult", _("It insults or threatens somebody")
        HATE = "hate", _("It stirs up hatred")
        PRIVATE = "private", _("It tells private things about somebody")
        SPAM = "spam", _("It is advertising or spam")
        OFF_TOPIC = "off-topic", _("It does not belong here")
        FALSE = "false", _("It pretends to be somebody else")
        OTHER = "other", _("Something else")

    item = models.ForeignKey(Item, models.CASCADE, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="flags")
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint("item", "by", name="flag_once_a_reader")]
        indexes = [models.Index("by", "at", name="flag_by_reader")]

    def __str__(self) -> str:
        return self.get_why_display()
