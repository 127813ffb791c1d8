"""Page plumbing as a Django app: template tags, checks and the shell's plain pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "engage.web"
    label = "web"

    def ready(self) -> None:
        from engage.web import checks  # noqa: F401  registers the production checks
