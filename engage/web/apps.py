"""Page plumbing as a Django app: template tags, checks and the shell's plain pages."""

from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "engage.web"
    label = "web"

    def ready(self) -> None:
        from engage.web import checks  # noqa: F401  registers the production checks

        Field.default_error_messages["required"] = _("Fill this in.")
