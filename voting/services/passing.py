"""Collecting a pass: a blind signature on a message the server cannot read.

Who collected is kept, what they will vote is not known here. No time and no serial is written.
"""

import hashlib
import uuid
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from voting.crypto.issuer import Issuer
from voting.domain.phases import COLLECTING
from voting.models import IssuerKey, Pass, Poll
from voting.rules import may_collect_pass
from voting.selectors import present_phase


@lru_cache(maxsize=32)
def issuer(pem: str) -> Issuer:
    """The signer of a poll's passes; reading its key takes longer than signing."""
    return Issuer(pem)


def issue_pass(
    *, poll: Poll, resident: uuid.UUID | None, has_account: bool, blinded: bytes
) -> bytes:
    """The blind signature on ``blinded`` (k bytes, big-endian) for this person, once.

    Idempotent because RSA signing is deterministic and the blinded message's hash is kept: the
    same message gets the same signature until the poll closes. Raises DomainError("sign-in" |
    "not-eligible" | "closed" | "pass-taken"), Refusal("blinded-message").
    """
    if present_phase(poll) not in COLLECTING:  # asked first: signing in would be in vain
        raise DomainError("closed", _("This poll has closed; no more passes are given out."))
    refuse_unless_eligible(poll, resident, has_account)
    pem = IssuerKey.objects.values_list("pem", flat=True).get(poll=poll)
    signature = issuer(pem).blind_sign(blinded)
    _keep(poll, resident, hashlib.sha256(blinded).digest())
    return signature


def refuse_unless_eligible(poll: Poll, resident: uuid.UUID | None, has_account: bool) -> None:
    """Raises DomainError("sign-in" | "not-eligible") with the way on."""
    if may_collect_pass(poll, resident=resident, has_account=has_account):
        return
    if has_account:
        sentence = _(
            "This poll asks residents who had an account when it was announced. Yours is newer."
        )
        raise DomainError("not-eligible", sentence, next="/polls/")
    if poll.who == Poll.Who.EVERYONE:
        sentence = _("Open the poll's page first, so that this browser can take part.")
        raise DomainError("sign-in", sentence, next=poll.get_absolute_url())
    sentence = _("Sign in to collect your voting pass. It takes an e-mail address and a code.")
    raise DomainError("sign-in", sentence, next=f"/accounts/login/?next={poll.get_absolute_url()}")


def _keep(poll: Poll, resident: uuid.UUID, digest: bytes) -> None:
    passes = Pass.objects.filter(poll=poll, resident=resident)
    known = passes.values_list("blinded_sha256", flat=True)
    kept = known.first()
    if kept is None:
        try:
            with transaction.atomic():
                Pass.objects.create(poll=poll, resident=resident, blinded_sha256=digest)
            return
        except IntegrityError:  # the same person asked by another connection meanwhile
            kept = known.get()
    if bytes(kept) != digest:
        sentence = _(
            "You have already collected your pass for this poll, in another browser or on another "
            "device. Vote there, or enter its recovery code here."
        )
        raise DomainError("pass-taken", sentence)
