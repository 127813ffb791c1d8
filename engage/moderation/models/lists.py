"""What moderators work with: reasons, words to look out for, and what the town promises."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Reason(models.Model):
    """Why a text may be decided on: a rule of the house, and what its author is told.

    ``code`` is the same in every language. One that is out of use stays for old decisions.
    """

    code = models.SlugField(_("short name"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("reason"), max_length=200)
    rule = models.CharField(_("rule of the house"), max_length=60, blank=True)
    statement = models.TextField(_("what the author is told"), max_length=2_000)
    in_use = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("code", "language", name="reason_once_a_language"),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word to look out for, in one language or in all (""), however it is dressed up."""

    class Action(models.TextChoices):
        BLOCK = "block", _("Do not take the text")
        HOLD = "hold", _("Hold the text for a moderator")
        FLAG = "flag", _("Show the text, and point moderators to it")
        REPLACE = "replace", _("Replace the word")

    word = models.CharField(_("word"), max_length=60)
    language = models.CharField(_("language"), max_length=10, blank=True)
    action = models.CharField(_("what happens"), max_length=7, choices=Action.choices)
    replacement = models.CharField(_("replace it by"), max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("added by"),
    )  # fmt: skip
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("word to look out for")
        verbose_name_plural = _("words to look out for")
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(Lower("word"), "language", name="word_once_a_language"),
            models.CheckConstraint(
                condition=Q(action="replace") | Q(replacement=""),
                name="word_replacement_only_to_replace",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def action_in(self, language: str) -> Action:
        """What happens to a text that was written on pages in ``language``.

        Words of another language point moderators to it, no more: they may be innocent there, and
        whoever writes in one language on pages in another is not let through unseen.
        """
        return self.Action(self.action) if self.language in ("", language) else self.Action.FLAG


class Promise(models.Model):
    """Within how many hours the town promises to have decided; one row, or the default of 24."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    hours = models.PositiveSmallIntegerField(_("hours"), default=24)

    class Meta:
        verbose_name = _("promised time")
        verbose_name_plural = _("promised time")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="promise_is_one"),
            models.CheckConstraint(
                condition=Q(hours__gte=1) & Q(hours__lte=720), name="promise_within_a_month"
            ),
        ]

    def __str__(self) -> str:
        return str(self.hours)
