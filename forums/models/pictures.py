"""Pictures in posts: made anew from what was sent, shown to whoever may see the post."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post


class Picture(models.Model):
    """One picture, re-encoded and without what the camera wrote into it. Without a post: not sent.

    The bytes are in the table: they go with the post, are behind its permission, and are backed up
    with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="pictures")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("uploaded by"),
    )  # fmt: skip
    alt = models.CharField(_("what it shows"), max_length=300)
    kind = models.CharField(max_length=10, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    content = models.BinaryField(editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "at"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="picture_says_what_it_shows"),
            models.CheckConstraint(
                condition=Q(kind__in=("jpeg", "png", "webp")), name="picture_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.alt
