"""A thread: a subject, its posts, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.domain.topics import Topic
from engage.moderation.domain.standing import Standing
from engage.moderation.models.items import Standings
from forums.models.categories import Category


class Thread(models.Model):
    """Its standing is that of its first post, whose author may have taken it away and left others'
    to be read. ``posts_count`` and ``last_at`` count the first post and those that are shown.

    ``last_number`` is the last that was given to a post; up to ``told_number`` followers have been
    told. ``became`` is the topic of the poll,
    petition or consultation it was turned into. ``version`` grows with every change that any
    reader can see, so that whoever keeps a page knows that it is old.
    """

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="threads", verbose_name=_("category")
    )
    title = models.CharField(_("subject"), max_length=120)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    standing = models.CharField(
        _("standing"), max_length=8, choices=Standings.choices, default=Standing.SHOWN
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    last_at = models.DateTimeField(_("last post"), default=timezone.now)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    posts_count = models.PositiveIntegerField(_("posts"), default=0)
    told_number = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    locked = models.BooleanField(_("locked"), default=False)
    pinned = models.BooleanField(_("pinned to the top"), default=False)
    slow_s = models.PositiveIntegerField(_("seconds between two posts of a person"), default=0)
    answered = models.BooleanField(_("answered"), default=False)
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates",
        verbose_name=_("duplicate of"),
    )  # fmt: skip
    became = models.CharField(_("turned into"), max_length=90, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="thread_is_no_duplicate_of_itself",
            ),
            models.CheckConstraint(condition=Q(slow_s__lte=86_400), name="thread_slow_for_a_day"),
        ]
        indexes = [
            models.Index(
                fields=["category", "-pinned", "-last_at", "-id"], name="thread_by_last_post"
            ),
            models.Index(
                "id", condition=Q(told_number__lt=F("last_number")), name="thread_to_tell_of"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk])

    @property
    def topic(self) -> Topic:
        return Topic("thread", str(self.pk))
