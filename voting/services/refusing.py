"""What keeps somebody from a poll, in words, and where each of it can be put right.

The rule itself is ``engage.identity.domain.eligibility``; nothing is decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.participants import Participant
from voting.eligibility import ages, eligibility
from voting.models import Poll

FOR_GOOD = frozenset({"age", "roll"})
"""What nobody can put right before the poll closes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, why, and where: ``label`` is what the link says."""

    code: str
    sentence: str
    next: str
    label: str


def refusal(poll: Poll, person: Participant, lacking: Sequence[str]) -> DomainError:
    """The refusal for the first of ``lacking``, which is never empty."""
    first = steps(poll, person, lacking)[0]
    code = "not-eligible" if person.has_account else "sign-in"
    return DomainError(code, first.sentence, next=first.next)


def steps(poll: Poll, person: Participant, lacking: Sequence[str]) -> list[Step]:
    """What to do about each of ``lacking``, in this order; one deed is named once."""
    if not lacking:
        return []
    if person.has_account:
        return [_step(poll, code) for code in lacking if not _comes_with_level(poll, code, lacking)]
    if poll.who == Poll.Who.EVERYONE:
        sentence = _("Open the poll's page first, so that this browser can take part.")
        return [Step("stranger", sentence, poll.get_absolute_url(), _("Open the poll's page"))]
    sentence = _("Sign in to collect your voting pass. It takes an e-mail address and a code.")
    here = poll.get_absolute_url()
    return [Step("sign-in", sentence, f"/accounts/login/?next={here}", _("Sign in"))]


def _comes_with_level(poll: Poll, code: str, lacking: Sequence[str]) -> bool:
    """The letter says where somebody lives, the office looks at the date of birth too.

    A national identity says neither for certain.
    """
    by_level = {"area-unknown": Level.ADDRESS, "age-unknown": Level.IN_PERSON}
    level = poll.asked.level if "level" in lacking else Level.NATIONAL
    return level < Level.NATIONAL and level >= by_level.get(code, Level.NATIONAL)


def _step(poll: Poll, code: str) -> Step:
    if code == "level":
        return Step(code, *_of_level(poll.asked.level))
    return Step(code, *_of_code(poll, code))


def _of_level(level: Level) -> tuple[str, str, str]:
    if level == Level.EMAIL:
        sentence = _("Confirm your e-mail address first. It takes a minute.")
        return sentence, "/accounts/email/", _("Confirm your e-mail address")
    if level == Level.ADDRESS:
        sentence = _("Confirm your address. It takes a letter and about four days.")
        return sentence, "/you/place/", _("Confirm your address")
    if level == Level.IN_PERSON:
        sentence = _("Show your identity card or passport once at the town's office.")
        return sentence, "/you/place/", _("See how that works")
    sentence = _("Confirm once who you are with your national identity.")
    return sentence, "/you/place/", _("See how that works")


def _of_code(poll: Poll, code: str) -> tuple[str, str, str]:
    place = {"area": poll.area.name if poll.area else ""}
    if code == "area-unknown" and poll.asked.level >= Level.IN_PERSON:
        return _of_level(Level.IN_PERSON)  # a letter would not do
    if code == "area-unknown":
        sentence = _("We do not know yet where you live. A letter to your address tells us.")
        return sentence, "/you/place/", _("Confirm your address")
    if code == "area":
        sentence = _(
            "This poll is for %(area)s, and your confirmed address is elsewhere. If you have "
            "moved, confirm your new address."
        )
        return sentence % place, "/you/place/", _("Confirm your new address")
    if code == "age-unknown":
        sentence = _(
            "This poll asks for your age. Show your identity card or passport once at the town's "
            "office."
        )
        return sentence, "/you/place/", _("See how that works")
    if code == "age":
        sentence = _("This poll is for people %(aged)s.")
        return sentence % {"aged": ages(poll.asked)}, "/polls/", _("See all polls")
    sentence = _(
        "This poll asks the people who were known as residents when it was announced. You were not "
        "among them yet: %(whom)s."
    )
    return sentence % {"whom": eligibility(poll)}, "/polls/", _("See all polls")
