"""What moderators decided, what they told the author, and what came of an appeal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.identity.models import Area
from engage.moderation.models.items import Item, Standings
from engage.moderation.models.lists import Reason


class Decision(models.Model):
    """One decision on one text: what, why, by which rule, and the words to its author.

    ``rule`` and ``why`` repeat the reason as it read then. ``together`` is the same for decisions
    made at once. ``detail`` says where to (moved), or until when (silenced).
    """

    class Verb(models.TextChoices):
        APPROVE = "approve", _("Show")
        HIDE = "hide", _("Hide")
        REMOVE = "remove", _("Remove")
        RETURN = "return", _("Ask to change it")
        RESTORE = "restore", _("Show again")
        MOVE = "move", _("Move")
        LOCK = "lock", _("Lock")
        UNLOCK = "unlock", _("Unlock")
        SILENCE = "silence", _("Silence for a time")
        BAN = "ban", _("Bar")
        LIFT = "lift", _("Let write again")

    item = models.ForeignKey(Item, models.PROTECT, related_name="decisions")
    verb = models.CharField(_("decision"), max_length=8, choices=Verb.choices)
    reason = models.ForeignKey(Reason, models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.CharField(_("reason"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=60, blank=True)
    statement = models.TextField(_("to the author"), max_length=2_000, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    at = models.DateTimeField(_("when"), default=timezone.now)
    before = models.CharField(_("before"), max_length=8, choices=Standings.choices)
    after = models.CharField(_("after"), max_length=8, choices=Standings.choices)
    waited_since = models.DateTimeField(_("had waited since"), null=True, blank=True)
    together = models.UUIDField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(_("author told"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index("at", name="decision_by_time"),
            models.Index(
                "at", condition=Q(told_at__isnull=True) & ~Q(statement=""), name="decision_to_tell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_verb_display()}"


class Appeal(models.Model):
    """An author asks that another moderator look again. One for each decision."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Waits for another moderator")
        UPHELD = "upheld", _("The decision stands")
        OVERTURNED = "overturned", _("The decision was taken back")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    words = models.TextField(_("what the author says"), max_length=2_000)
    at = models.DateTimeField(_("when"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("answer"), max_length=2_000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    told_at = models.DateTimeField(_("author told"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="appeal_answered_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_outcome_display()}"


class Remark(models.Model):
    """What moderators tell each other about a text; nobody else reads it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="remarks")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    text = models.TextField(_("note"), max_length=2_000)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("note among moderators")
        verbose_name_plural = _("notes among moderators")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Sanction(models.Model):
    """Somebody may not write, in an area (none: anywhere), until a time (none: until lifted)."""

    class Kind(models.TextChoices):
        SILENCE = "silence", _("Silenced")
        BAN = "ban", _("Barred")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sanctions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="sanction")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="sanction_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind="ban") | Q(until__isnull=False), name="sanction_silence_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_over(self) -> bool:
        """Whether its time has passed by itself."""
        return self.until is not None and self.until <= timezone.now()
