"""What keeps somebody from a poll, in words, and where it can be put right.

The rule itself is ``engage.identity.domain.eligibility``; nothing is decided here.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.participants import Participant
from voting.models import Poll


def refusal(poll: Poll, person: Participant, lacking: Sequence[str]) -> DomainError:
    """The refusal for the first of ``lacking``, which is never empty."""
    if lacking[0] == "stranger" and poll.who == Poll.Who.EVERYONE:
        sentence = _("Open the poll's page first, so that this browser can take part.")
        return DomainError("sign-in", sentence, next=poll.get_absolute_url())
    if not person.has_account:
        sentence = _("Sign in to collect your voting pass. It takes an e-mail address and a code.")
        here = poll.get_absolute_url()
        return DomainError("sign-in", sentence, next=f"/accounts/login/?next={here}")
    sentence, way_on = _first_step(poll, lacking[0])
    return DomainError("not-eligible", sentence, next=way_on)


def _first_step(poll: Poll, code: str) -> tuple[str, str]:
    place = poll.area.name if poll.area else ""
    if code == "roll":
        sentence = _(
            "This poll asks the people who were known as residents when it was announced. You were "
            "not among them yet."
        )
        return sentence, "/polls/"
    if code == "area":
        sentence = _("This poll is for %(area)s. Your confirmed address is elsewhere.")
        return sentence % {"area": place}, "/you/place/"
    if code == "age":
        return _("This poll is for another age."), "/polls/"
    if code == "age-unknown":
        sentence = _("This poll asks for your age. Have it confirmed at the town's office.")
        return sentence, "/you/place/"
    if code == "area-unknown" or poll.asked.level == Level.ADDRESS:
        sentence = _("Confirm your address first. It takes a letter and some days.")
        return sentence, "/you/place/"
    if poll.asked.level == Level.EMAIL:
        return _("Confirm your e-mail address first."), "/accounts/email/"
    sentence = _("This poll needs more certainty about who you are. See how to get it.")
    return sentence, "/you/place/"
