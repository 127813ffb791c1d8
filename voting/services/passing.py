"""Collecting a pass: a blind signature on a message the server cannot read.

Who collected is kept, what they will vote is not known here. No time and no serial is written.
"""

import hashlib
import uuid
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.identity.participants import STRANGER, Participant
from voting.crypto.issuer import Issuer
from voting.domain.phases import COLLECTING
from voting.models import IssuerKey, Pass, Poll
from voting.rules import missing_for_pass
from voting.selectors import present_phase
from voting.services.refusing import refusal
from voting.services.spending import has_spent


@lru_cache(maxsize=32)
def issuer(pem: str) -> Issuer:
    """The signer of a poll's passes; reading its key takes longer than signing."""
    return Issuer(pem)


def issue_pass(
    *, poll: Poll, person: Participant, blinded: bytes, channel: str | None = None
) -> bytes:
    """The blind signature on ``blinded`` (k bytes, big-endian) for this person, once.

    ``channel``: over which a clerk asks for them, if one does. Idempotent because RSA signing is
    deterministic and the blinded message's hash is kept: the same message gets the same signature
    until the poll closes. Locks an account and asks of it again, since it may be erased, or proved
    no more, in this moment. Raises DomainError("sign-in" | "not-eligible" | "closed" |
    "pass-taken"), Refusal("blinded-message").
    """
    if present_phase(poll) not in COLLECTING:  # asked first: signing in would be in vain
        raise DomainError("closed", _("This poll has closed; no more passes are given out."))
    now = timezone.now()
    refuse_unless_eligible(poll, person, now)
    pem = IssuerKey.objects.values_list("pem", flat=True).get(poll=poll)
    signature = issuer(pem).blind_sign(blinded)
    _keep(poll, person, channel, hashlib.sha256(blinded).digest())
    return signature


def refuse_unless_eligible(poll: Poll, person: Participant, now: datetime) -> None:
    """Raises DomainError("sign-in" | "not-eligible") with the first thing to do and where."""
    lacking = missing_for_pass(poll, person, now)
    if lacking:
        raise refusal(poll, person, lacking)


def _keep(poll: Poll, person: Participant, channel: str | None, digest: bytes) -> None:
    passes = Pass.objects.filter(poll=poll, resident=person.key)
    known = passes.values_list("blinded_sha256", flat=True)
    kept = known.first()
    if kept is None:
        try:
            with transaction.atomic():
                held = _hold(poll, person.key) if person.has_account else person
                Pass.objects.create(
                    poll=poll, resident=person.key, blinded_sha256=digest,
                    level=held.level(timezone.now()), channel=channel,
                )  # fmt: skip
            return
        except IntegrityError:  # the same person asked by another connection meanwhile
            kept = known.get()
    if bytes(kept) != digest:
        sentence = _(
            "You have already collected your pass for this poll, in another browser or on another "
            "device. Vote there, or enter its recovery code here."
        )
        raise DomainError("pass-taken", sentence)


def _hold(poll: Poll, key: uuid.UUID) -> Participant:
    """Hold the account ``key``: from here to its pass nothing that proves it leaves it."""
    account = User.objects.select_for_update().filter(pk=key).first()
    if account is None:
        raise refusal(poll, STRANGER, ("stranger",))
    person = Participant.of_account(account)
    if poll.who != Poll.Who.EVERYONE:
        refuse_unless_eligible(poll, person, timezone.now())
    if has_spent(poll, key):
        raise _taken_before()
    return person


def _taken_before() -> DomainError:
    sentence = _(
        "A pass for this poll was collected before by an account that was proved as yours is. If "
        "you still have that pass on a device, vote there."
    )
    return DomainError("pass-taken", sentence)
