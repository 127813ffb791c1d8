"""What a reader keeps: what they follow, how far they read, what they were about to write."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post
from forums.models.threads import Thread


class Follow(models.Model):
    """Somebody wants to hear of a thread, at their own pace."""

    class Pace(models.TextChoices):
        NOW = "now", _("Each new post by mail")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        SILENT = "silent", _("Only here, no mail")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="follows")
    pace = models.CharField(_("how often"), max_length=6, choices=Pace.choices, default=Pace.DAILY)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("followed thread")
        verbose_name_plural = _("followed threads")
        ordering = ["-since"]
        constraints = [models.UniqueConstraint("person", "thread", name="follow_once_a_thread")]

    def __str__(self) -> str:
        return f"{self.thread}: {self.get_pace_display()}"


class ReadPlace(models.Model):
    """The highest number of a thread that somebody has had before their eyes."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="read")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="read_by")
    number = models.PositiveIntegerField(_("read up to"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("place read up to")
        verbose_name_plural = _("places read up to")
        constraints = [models.UniqueConstraint("person", "thread", name="read_place_one_a_thread")]

    def __str__(self) -> str:
        return f"{self.thread}: {self.number}"


class Notice(models.Model):
    """Somebody is to hear of a post, or has heard: one row for each, so that none repeats."""

    class Why(models.TextChoices):
        FOLLOWED = "followed", _("You follow this thread")
        MENTIONED = "mentioned", _("Somebody named you")
        ANSWERED = "answered", _("Somebody answered you")
        OFFICIAL = "official", _("The town answered")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    post = models.ForeignKey(Post, models.CASCADE, related_name="notices")
    why = models.CharField(_("why"), max_length=9, choices=Why.choices)
    due_at = models.DateTimeField(_("to be told from"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("person", "post", name="notice_once_a_post")]
        indexes = [
            models.Index("due_at", condition=Q(told_at__isnull=True), name="notice_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.get_why_display()}"


class Draft(models.Model):
    """What somebody was writing. ``place`` says where: ``category.3``, ``thread.7`` (an answer),
    ``reply.12`` (to a post) or ``edit.12`` (a change to it).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    place = models.CharField(_("where"), max_length=40)
    title = models.CharField(_("subject"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-changed_at"]
        constraints = [models.UniqueConstraint("person", "place", name="draft_one_a_place")]

    def __str__(self) -> str:
        return self.title or self.text[:60]
