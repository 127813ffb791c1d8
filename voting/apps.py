"""Polls as a Django app: the people side of voting."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    name = "voting"
    verbose_name = _("Voting")

    def ready(self) -> None:
        from engage.identity import holdings, onward
        from voting.holdings import VOTING
        from voting.services.beginning import POLLS

        holdings.register(VOTING)
        onward.register(POLLS)
