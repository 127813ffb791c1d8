"""Who someone is, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "engage.identity"
    label = "identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from engage.identity import freshness, holdings, sessions
        from engage.identity.oidc import production  # noqa: F401  registers its checks
        from engage.identity.services.erasing import erase_identity
        from engage.identity.services.exporting import export_identity

        own = holdings.Holding("identity", _("Account"), export_identity, erase_identity)
        holdings.register(own)
        freshness.watch()
        sessions.watch()
