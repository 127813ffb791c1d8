"""A code by letter proves an address: asking, printing, and the code that comes back.

The code is a keyed digest of the letter's number, so nobody who reads the tables can know it.
Deliberately absent: the address once the code was entered; the claim keeps only the area.
"""

import hmac
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity import notices
from engage.identity.domain.letters import code_of, read_code
from engage.identity.domain.levels import Level
from engage.identity.domain.places import postcode as one_spelling
from engage.identity.models import Claim, Disclosure, Letter, User
from engage.identity.rules import may_check_people_anywhere
from engage.identity.selectors.residence import (
    MOST_TRIES,
    area_of_address,
    letters_for,
    printed_days,
)
from engage.identity.services.claiming import record_claim
from engage.identity.subjects import key_for

COUNTS_FOR = timedelta(days=2 * 365)
WAITS = timedelta(days=30)
ENTERED_WITHIN = timedelta(days=30)
KEPT = WAITS + ENTERED_WITHIN
MOST_A_YEAR = 3
HERE = "/you/place/"


def code_for(letter: uuid.UUID) -> str:
    """The code in the letter of this number; always the same, and stored nowhere."""
    return code_of(hmac.digest(key_for("letter"), letter.bytes, sha256))


@transaction.atomic
def ask_letter(*, person: User, name: str, street: str, postcode: str) -> Letter:
    """Put a letter with a code on the pile for this address.

    Locks the person: one letter at a time, at most three a year. Raises DomainError(
    "letter.under-way" | "letter.too-many" | "letter.postcode-unknown" | "letter.street-unknown").
    """
    User.objects.select_for_update().get(pk=person.pk)
    now = timezone.now()
    _refuse_another(person, now)
    area = area_of_address(one_spelling(postcode), street)
    Letter.objects.filter(person=person).delete()
    notices.letter_asked(person)
    return Letter.objects.create(
        person=person, name=name, street=street, postcode=postcode, area=area,
        asked_at=now, expires_at=now + WAITS,
    )  # fmt: skip


@transaction.atomic
def give_up_letter(*, person: User) -> None:
    """Forget the letter and its address; one that was printed counts for the year. Idempotent."""
    User.objects.select_for_update().get(pk=person.pk)
    Letter.objects.filter(person=person).delete()


def enter_code(*, person: User, typed: str) -> Claim:
    """Confirm the address by the code that came to it; the letter, and with it the address, goes.

    Locks the person and the letter, so no more than five codes are ever compared. A slip of the
    pen, which the check sign shows, costs no try. Raises DomainError("letter.none" |
    "letter.misspelt" | "letter.wrong" | "letter.spent").
    """
    claim, left = _compared(person, read_code(typed))
    if claim is not None:
        return claim
    raise _wrong(left)


@transaction.atomic
def print_letters(*, letters: Collection[uuid.UUID], by: User) -> list[Letter]:
    """The letters of ``by``'s areas among these, in the order of asking, marked as printed now.

    Locks them. Each person sees who printed theirs. Raises DomainError("letter.forbidden").
    """
    if not may_check_people_anywhere(by):
        raise DomainError("letter.forbidden", _("Only electoral officers print letters."))
    now = timezone.now()
    found = list(letters_for(by, now).filter(pk__in=letters).select_for_update(of=("self",)))
    for letter in found:
        letter.printed_at = now
        letter.expires_at = min(now + ENTERED_WITHIN, letter.asked_at + KEPT)
    Letter.objects.bulk_update(found, ["printed_at", "expires_at"])
    Disclosure.objects.bulk_create(
        Disclosure(person_id=letter.person_id, by=by, why=Disclosure.Why.LETTER) for letter in found
    )
    return found


@transaction.atomic
def _compared(person: User, code: str | None) -> tuple[Claim | None, int]:
    """The claim if ``code`` is right, and how many tries are left; a wrong one is counted."""
    User.objects.select_for_update().filter(pk=person.pk).first()  # first, as all others do
    letter = Letter.objects.select_for_update().filter(person=person).first()
    if letter is None or letter.printed_at is None or letter.expires_at <= timezone.now():
        raise DomainError("letter.none", _("No letter is under way to you."), next=HERE)
    left = MOST_TRIES - letter.tries
    if left <= 0:
        raise _wrong(0)
    if code is None:
        raise _misspelt()
    if not hmac.compare_digest(code, code_for(letter.pk)):
        letter.tries += 1
        letter.save(update_fields=["tries"])
        return None, left - 1
    claim = record_claim(
        person=person, level=Level.ADDRESS, source="letter", area=letter.area,
        until=timezone.now() + COUNTS_FOR,
    )  # fmt: skip
    letter.delete()
    return claim, left


def _refuse_another(person: User, now: datetime) -> None:
    under_way = Letter.objects.filter(person=person, expires_at__gt=now, tries__lt=MOST_TRIES)
    if under_way.exists():
        sentence = _("A letter to you is under way. Give it up before you ask for another.")
        raise DomainError("letter.under-way", sentence, next=HERE)
    if printed_days(person, now - timedelta(days=365)) >= MOST_A_YEAR:
        sentence = _(
            "You were sent three letters within a year. Come to the town's office with your papers "
            "instead; it takes five minutes."
        )
        raise DomainError("letter.too-many", sentence, next=HERE)


def _misspelt() -> DomainError:
    sentence = _("There is a slip in it: no code of ours reads so. Compare all nine signs.")
    return DomainError("letter.misspelt", sentence, next=HERE)


def _wrong(left: int) -> DomainError:
    if left <= 0:
        sentence = _(
            "This letter was tried too often and its code no longer counts. Ask for a new one."
        )
        return DomainError("letter.spent", sentence, next=HERE)
    sentence = _("This is not the code in your newest letter. Tries left: %(left)d.")
    return DomainError("letter.wrong", sentence % {"left": left}, next=HERE)
