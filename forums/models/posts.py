"""A post, what it said before, whom it names, and what readers made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from engage.moderation.domain.standing import Standing
from engage.moderation.models.items import Standings
from forums.models.threads import Thread


class Post(models.Model):
    """One text in a thread. Readers meet posts in the order of ``(root_number, number)``.

    ``number`` is given when it is first shown, and kept. Replies stand under their ``root``, a
    post that answers the thread itself; ``quotes`` is the post it answers, which may be a reply.
    ``root_number`` is the root's number, the post's own if it has no root. ``office`` is the name
    in which an official answer is given. ``html`` was cleaned when ``text`` was written.
    ``reactions`` are the counts of ``Reaction`` by kind, brought up to date by one job.
    ``taken_back`` is said where its text is left out: it is gone with its author.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="posts",
        verbose_name=_("author"),
    )  # fmt: skip
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    quotes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="quoted_by"
    )
    first = models.BooleanField(default=False, editable=False)
    number = models.PositiveIntegerField(null=True, editable=False)
    root_number = models.PositiveIntegerField(null=True, editable=False)
    text = models.TextField(_("text"), max_length=20_000)
    html = models.TextField(editable=False)
    standing = models.CharField(
        _("standing"), max_length=8, choices=Standings.choices, default=Standing.SHOWN
    )
    office = models.CharField(_("official answer of"), max_length=120, blank=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    shown_at = models.DateTimeField(_("first shown"), null=True, blank=True)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    reactions = models.JSONField(default=dict, editable=False)
    attempt = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    taken_back = False

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                "thread", "number", condition=Q(number__isnull=False), name="post_number_once"
            ),
            models.UniqueConstraint(
                "thread", condition=Q(first=True), name="post_one_first_in_a_thread"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, root_number__isnull=True)
                | Q(number__isnull=False, root_number__isnull=False),
                name="post_numbered_with_its_root",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.SHOWN) | Q(number__isnull=False),
                name="post_shown_has_a_number",
            ),
        ]
        indexes = [
            models.Index("thread", "root_number", "number", name="post_in_reading_order"),
            models.Index("author", "written_at", name="post_by_author"),
            models.Index("thread", "number", condition=~Q(office=""), name="post_official"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.number or '–'}"

    def get_absolute_url(self) -> str:
        """A link that stays, wherever the post is found by then."""
        return reverse("post", args=[self.pk])

    @property
    def safe_html(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308  cleaned when it was written


class Revision(models.Model):
    """What a post said until it was changed; kept as long as the post.

    ``shown``: readers had it before their eyes; what waited or was returned was never theirs.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    text = models.TextField(_("text"), max_length=20_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("changed by"),
    )  # fmt: skip
    at = models.DateTimeField(_("changed"), default=timezone.now)
    shown = models.BooleanField(_("was shown"), default=False)

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.post}, {self.at:%d.%m.%Y %H:%M}"


class Mention(models.Model):
    """A post names somebody, who hears of it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentioned")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint("post", "person", name="mention_once_a_post")]

    def __str__(self) -> str:
        return f"{self.post}: {self.person}"


class Reaction(models.Model):
    """What a reader says with one key; one of each kind for a post."""

    class Kind(models.TextChoices):
        AGREE = "agree", _("I agree")
        THANKS = "thanks", _("Thank you")
        IDEA = "idea", _("Good idea")
        DOUBT = "doubt", _("I see it differently")

    post = models.ForeignKey(Post, models.CASCADE, related_name="given")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reactions")
    kind = models.CharField(_("reaction"), max_length=8, choices=Kind.choices)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint("post", "person", "kind", name="reaction_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Stir(models.Model):
    """A post's reactions have changed and are to be counted anew; added, never waited for."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("count to be made")
        verbose_name_plural = _("counts to be made")

    def __str__(self) -> str:
        return str(self.post_id)
