"""The desk for everything people write, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "engage.moderation"
    label = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from engage.identity.holdings import register
        from engage.identity.services.forgetting import forget_too
        from engage.moderation.holdings import MODERATION
        from engage.moderation.services.networks import JOB

        register(MODERATION)
        forget_too(JOB)
