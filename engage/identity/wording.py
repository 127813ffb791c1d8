"""The five levels in words: what each is, what it opens, and how to get there.

Deliberately absent: any decision. The levels themselves are ``domain.levels``.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.levels import Level

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder."""

    name: Words
    allows: Words
    way: Words


LADDER = {
    Level.PARTICIPANT: Step(
        _("Participant"),
        _("Take part wherever everyone is asked."),
        _("Nothing to do. It needs no account."),
    ),
    Level.EMAIL: Step(
        _("E-mail confirmed"),
        _("Take part wherever an account is asked for, from any device."),
        _("We mail you a code. It takes a minute."),
    ),
    Level.ADDRESS: Step(
        _("Address confirmed"),
        _("Take part in what is asked of the residents of your area."),
        _("We send you a letter with a code. It takes about four days."),
    ),
    Level.IN_PERSON: Step(
        _("Checked in person"),
        _("Take part in what asks for papers or for your age."),
        _(
            "Come to the town's office with your identity card or passport. It takes five minutes. "
            "We keep your date of birth and your area, and no copy."
        ),
    ),
    Level.NATIONAL: Step(
        _("National identity"),
        _("Take part in everything; nothing asks for more."),
        _("Sign in with the state's identity service, where the town offers it."),
    ),
}

UNREADABLE = {
    "header": _(
        "The first line must name the columns: postcode, street (may be left out) and area."
    ),
    "cells": _("A cell is not closed or far too long. Export the table again."),
    "empty": _("There is no row below the headings."),
    "size": _("This file is too large: at most 30 MB and a million rows."),
}

WRONG_IN_A_ROW = {
    "postcode": _("The postcode is missing or too long."),
    "street": _("This is no name of a street."),
    "area": _("No area has this path or name."),
    "area-twice": _("Several areas have this name. Write the path instead."),
    "again": _("The line of this number has the same postcode and street; it counts."),
    "forbidden": _("Whoever asked for it is no longer an administrator. Nothing more was done."),
    "broken": _("It could not go on. What was done before stays; try the file again."),
}
"""What is wrong with a row of an import, by the codes of its report."""
