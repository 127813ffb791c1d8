"""The bulletin board as a Django app of its own: it lives in the ballots database alone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    name = "voting.board"
    label = "board"
    verbose_name = _("Bulletin board")
