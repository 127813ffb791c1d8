"""Who someone is, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "engage.identity"
    label = "identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from engage.identity import freshness, sessions
        from engage.identity.oidc import production  # noqa: F401  registers its checks

        freshness.watch()
        sessions.watch()
