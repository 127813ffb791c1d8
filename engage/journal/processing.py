"""What the journal keeps and why, for the register of processing."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_FOR_EVER = _("For good: what happened in public stays told")
_EVERYBODY = _("Everybody")

TABLES = (
    Table(
        "journal.topichead",
        _("To number what happens, so that an open page notices what it missed"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "topic": _("The poll or other public thing; never a person"),
            "sequence": _("How far its numbers go"),
        },
        Basis.NOBODY,
    ),
    Table(
        "journal.entry",
        _("To tell everybody what happened, in order, without any name"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "id": _("Tells rows apart"),
            "topic": _("The poll or other public thing; never a person"),
            "sequence kind data": _("What happened to it: numbers and states, no name, no ballot"),
            "at": _("When it happened"),
        },
        Basis.NOBODY,
    ),
)
