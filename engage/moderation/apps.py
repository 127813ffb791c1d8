"""The desk for everything people write, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "engage.moderation"
    label = "moderation"
    verbose_name = _("Moderation")
