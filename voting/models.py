"""The people side: what is asked, who may answer, who has collected a pass. Never a choice.

``Pass`` and ``RollEntry`` keep no time and no serial number, and neither side has a key to the
other: see ``voting.board.models``.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.eligibility import Rule
from engage.identity.domain.levels import Level
from engage.identity.models import Area
from engage.web.markdown import to_html


class Levels(models.IntegerChoices):
    """The levels in words; ``engage.identity`` says how each is reached."""

    PARTICIPANT = Level.PARTICIPANT, _("No account")
    EMAIL = Level.EMAIL, _("E-mail address confirmed")
    ADDRESS = Level.ADDRESS, _("Address confirmed by letter")
    IN_PERSON = Level.IN_PERSON, _("Checked in person")
    NATIONAL = Level.NATIONAL, _("National identity")


class Poll(models.Model):
    """A question with options, a counting rule and a time. From announcement on it is fixed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PREPARING = "preparing", _("Being announced")
        ANNOUNCED = "announced", _("Announced")
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")
        DECIDED = "decided", _("Decided")
        ANNULLED = "annulled", _("Annulled")

    class Who(models.TextChoices):
        EVERYONE = "everyone", _("Everyone, no account needed")
        ACCOUNT = "account", _("Everyone with a confirmed e-mail address")
        RESIDENTS = "residents", _("Residents, as far as their address is confirmed")
        ROLL = "roll", _("Residents known on the day of announcement")

    class Method(models.TextChoices):
        PLURALITY = "plurality", _("Choose one")
        APPROVAL = "approval", _("Choose as many as you like")
        RANKED = "ranked", _("Put options in your order")
        BUDGET = "budget-approval", _("Choose projects for a budget")
        KNAPSACK = "knapsack", _("Choose projects within the budget")
        CUMULATIVE = "cumulative", _("Share out points among projects")

    RULES = {
        "plurality": ("plurality/1",),
        "approval": ("approval/1",),
        "ranked": ("irv/1", "stv-wig/1"),
        "budget-approval": ("pb-greedy/1",),
        "knapsack": ("pb-greedy/1",),
        "cumulative": ("pb-greedy/1",),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("question"), max_length=200)
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    method = models.CharField(_("way of voting"), max_length=16, choices=Method.choices)
    rule = models.CharField(_("way of counting"), max_length=16)
    who = models.CharField(_("who may vote"), max_length=16, choices=Who.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    level = models.PositiveSmallIntegerField(
        _("how sure we must be"), choices=Levels.choices, default=Levels.EMAIL
    )
    age_from = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    assisted = models.BooleanField(_("clerks may help people to vote"), default=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    collect_from = models.DateTimeField(null=True, blank=True, editable=False)
    closing_since = models.DateTimeField(null=True, blank=True, editable=False)
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    max_ranks = models.PositiveSmallIntegerField(
        _("places in the order"), default=5, validators=[MinValueValidator(1)]
    )
    max_approvals = models.PositiveSmallIntegerField(_("most choices"), null=True, blank=True)
    budget = models.PositiveBigIntegerField(_("budget"), null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    rule_params = models.JSONField(default=dict, blank=True, editable=False)
    batch_min = models.PositiveSmallIntegerField(
        _("ballots in a batch"), default=5, validators=[MinValueValidator(1)]
    )
    batch_every_s = models.PositiveSmallIntegerField(
        _("seconds between batches"), default=10, validators=[MinValueValidator(1)]
    )
    batch_max_delay_s = models.PositiveIntegerField(
        _("seconds until a ballot is in the log at the latest"),
        default=120,
        validators=[MinValueValidator(2), MaxValueValidator(86_400)],
    )
    key_bits = models.PositiveSmallIntegerField(
        _("pass key"), default=2048, choices=[(2048, _("2048 bits")), (3072, _("3072 bits"))]
    )
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    manifest = models.BinaryField(null=True, editable=False)
    groups = models.JSONField(default=dict, blank=True, editable=False)
    told_to = models.UUIDField(null=True, blank=True, editable=False)
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ["closes_at", "title"]
        indexes = [models.Index("state", "closes_at", name="poll_by_state_and_close")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "preparing"]) | Q(manifest__isnull=False),
                name="poll_announced_has_manifest",
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_to__gte=F("age_from")),
                name="poll_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True)
                | Q(opens_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="poll_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def topic(self) -> str:
        return f"poll.{self.pk}"

    @property
    def asked(self) -> Rule:
        """Who is asked. For a roll it says who comes onto it; from then on the roll decides."""
        if self.who == self.Who.EVERYONE:
            return Rule()
        if self.who == self.Who.ACCOUNT:
            return Rule(Level.EMAIL)
        least = Level.ADDRESS if self.who == self.Who.RESIDENTS else Level.EMAIL
        level = max(least, Level(self.level))
        return Rule(level, self.area_id or "", self.age_from, self.age_to)

    @property
    def closed_at(self) -> datetime | None:
        """When passes ended: at its time, or earlier by the organiser's hand."""
        return self.closing_since or self.closes_at

    @property
    def description_html(self) -> SafeString:
        return to_html(self.description)

    def get_absolute_url(self) -> str:
        return reverse("poll", args=[self.pk])


class Option(models.Model):
    """One thing that can be chosen; ``key`` is its id in the manifest and in ballots."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    key = models.CharField(max_length=32, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]{0,31}$")])
    title = models.CharField(_("option"), max_length=200)
    description = models.CharField(_("description"), max_length=1_000, blank=True)
    cost = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint("poll", "key", name="option_key_unique_in_poll"),
        ]

    def __str__(self) -> str:
        return self.title


class IssuerKey(models.Model):
    """The private key that signs a poll's passes; erased when the record is exported."""

    poll = models.OneToOneField(Poll, models.CASCADE, primary_key=True, related_name="issuer_key")
    pem = models.TextField()


class RollEntry(models.Model):
    """Who may vote: a resident's key, and the salted commitment that the log publishes."""

    pk = models.CompositePrimaryKey("poll", "resident")
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="roll")
    resident = models.UUIDField()
    salt = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)


class Pass(models.Model):
    """That a resident has collected a pass, and for which blinded message. No time, no serial.

    ``level`` is how much was known of them then; ``channel`` over which a clerk helped, if one did.
    What of it was shown last stands in ``Poll.groups``: see ``voting.domain.groups``.
    """

    pk = models.CompositePrimaryKey("poll", "resident")
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="passes")
    resident = models.UUIDField()
    blinded_sha256 = models.BinaryField(max_length=32)
    # Nullable, without defaults: SQLite then adds the columns in place and numbers no rows.
    level = models.PositiveSmallIntegerField(null=True)
    channel = models.CharField(max_length=8, null=True)


class UnderWay(models.Model):
    """A ballot that a clerk is casting for somebody at this moment; gone once it is in the box.

    ``nonce`` and the server's own key give the seed again if the power is cut in between, so that
    no vote is lost and none counts twice. Neither gives it alone.
    """

    pk = models.CompositePrimaryKey("poll", "resident")
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="under_way")
    resident = models.UUIDField()
    nonce = models.BinaryField(max_length=32)


class Spent(models.Model):
    """That somebody who erased their account or a proof had collected a pass; leads to nobody.

    Without it, coming back with the same proof would be a second vote. ``digest`` is of the poll
    and of what the person was proved by; gone when the poll is over.
    """

    pk = models.CompositePrimaryKey("poll", "digest")
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="spent")
    digest = models.BinaryField(max_length=32)
