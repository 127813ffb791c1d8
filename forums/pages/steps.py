"""Who writes in a category, and what somebody lacks for it, in words and with the way to get it.

The rule itself is ``Category.asked``; nothing is decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from engage.identity.domain.levels import Level
from forums.models import Category

SIGN_IN, PLACE, MAIL = "/accounts/login/", "/you/place/", "/accounts/email/"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where; without a way there is nothing that can be done."""

    sentence: str
    next: str = ""
    label: str = ""


def who_writes(category: Category) -> str:
    """Such as "Residents of Millbank, address confirmed by letter"."""
    level = {
        Level.EMAIL: _("Everybody with a confirmed e-mail address"),
        Level.ADDRESS: _("Everybody whose address is confirmed by letter"),
        Level.IN_PERSON: _("Everybody who was checked in person"),
    }
    if not (category.only_residents and category.area):
        return level[Level(category.level)]
    area = {"area": category.area.name}
    if category.level == Level.IN_PERSON:
        return _("Residents of %(area)s, checked in person") % area
    return _("Residents of %(area)s, address confirmed by letter") % area


def steps_to_write(category: Category, lacking: Sequence[str], here: str) -> list[Step]:
    """What to do about each of ``lacking`` (``forums.rules.missing_to_write``), in this order.

    ``here`` is the page to come back to.
    """
    if "stranger" in lacking:
        sentence = _("Sign in to take part. It takes an e-mail address and a code.")
        return [Step(sentence, f"{SIGN_IN}?{urlencode({'next': here})}", _("Sign in"))]
    if "readers" in lacking:
        return [Step(_("Only people who work for the town write here."))]
    told = [_of_level(Level(category.level))] if "level" in lacking else []
    if "area-unknown" in lacking and not told:
        sentence = _("We do not know yet where you live. A letter to your address tells us.")
        told.append(Step(sentence, PLACE, _("Confirm your address")))
    if "area" in lacking:
        told.append(_of_area(category))
    return told


def _of_level(level: Level) -> Step:
    if level == Level.EMAIL:
        sentence = _("Confirm your e-mail address first. It takes a minute.")
        return Step(sentence, MAIL, _("Confirm your e-mail address"))
    if level == Level.ADDRESS:
        sentence = _("Confirm your address. It takes a letter and about four days.")
        return Step(sentence, PLACE, _("Confirm your address"))
    sentence = _("Show your identity card or passport once at the town's office.")
    return Step(sentence, PLACE, _("See how that works"))


def _of_area(category: Category) -> Step:
    area = {"area": category.area.name if category.area else ""}
    sentence = _(
        "Here write the residents of %(area)s, and your confirmed address is elsewhere. If you "
        "have moved, confirm your new address."
    )
    return Step(sentence % area, PLACE, _("Confirm your new address"))
