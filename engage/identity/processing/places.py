"""What we keep of the town itself: its areas, which postcode lies where, and files brought in."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table
from engage.identity.processing.people import ROW

TABLES = (
    Table(
        "identity.area",
        _("To say which vote is for which part of the town"),
        _("As long as the town is divided so"),
        _("Everybody"),
        {"path name kind parent boundary": _("An area, what it lies in, and its boundary")},
        Basis.NOBODY,
    ),
    Table(
        "identity.place",
        _("To find the area of an address without asking anybody else"),
        _("Until the next list of streets comes"),
        _("Administrators"),
        {"id": ROW, "postcode street area": _("Which postcode and street lie in which area")},
        Basis.NOBODY,
    ),
    Table(
        "identity.import",
        _("To bring a list of streets in, and to say what was wrong in which line"),
        _("30 days"),
        _("Administrators and auditors"),
        {
            "id": ROW,
            "kind state trial": _("What the file is, and how far it is"),
            "rows": _("The file itself"),
            "total done added changed wrong": _("How many lines, and what became of them"),
            "report": _("Which lines were wrong, and why"),
            "by at": _("Who brought it in, and when"),
        },
        earlier={"rows": _("Until it is worked off")},
    ),
)
