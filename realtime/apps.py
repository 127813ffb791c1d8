"""What is live, as a Django app: it listens to the journal, and to departures, from the start."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtimeConfig(AppConfig):
    name = "realtime"
    verbose_name = _("Live updates")

    def ready(self) -> None:
        from engage.journal import listeners
        from engage.web import departures, readiness
        from realtime.delivery import deliver, look_again
        from realtime.sending import levels

        listeners.register(deliver)
        departures.register(look_again)
        readiness.register("sending", levels.shown)
