"""What happened, in order: audit trail, outbox, replay buffer and public activity log in one.

It holds no name, no address, no secret and no ballot. Rows are added, never changed.
"""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.domain.topics import MAX_LENGTH


class TopicHead(models.Model):
    """How far a topic's facts go. A publisher holds this row until its transaction ends."""

    topic = models.CharField(_("topic"), max_length=MAX_LENGTH, primary_key=True)
    sequence = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return f"{self.topic}:{self.sequence}"


class Entry(models.Model):
    """One fact. Numbers of a topic begin at 1 and have no gaps."""

    topic = models.CharField(_("topic"), max_length=MAX_LENGTH)
    sequence = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("what happened"), max_length=60)
    data: "models.JSONField[Any, Any]" = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "sequence"], name="entry_number_unique_in_topic"
            ),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="entry_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}:{self.sequence} {self.kind}"
