"""One vote for one person, also if they erase their account, or take to another what proves them.

What proved them – an address, papers, an outside identity – is kept as a digest of this poll only,
until the poll is over. Deliberately absent: anything of polls that ask for no account, or of rolls,
on which nobody new can stand.
"""

import hmac
import uuid
from hashlib import sha256

from allauth.account.models import EmailAddress

from engage.identity.models import Claim
from engage.identity.subjects import folded, key_for
from voting.models import Pass, Poll, Spent

ASKED = (Poll.Who.ACCOUNT, Poll.Who.RESIDENTS)


def keep_spent(resident: uuid.UUID) -> None:
    """Remember, for polls that still give out passes, that ``resident`` has had theirs.

    In the caller's transaction, while it is still known what proves them. Idempotent.
    """
    passes = Pass.objects.filter(
        resident=resident, poll__who__in=ASKED, poll__issuer_key__isnull=False
    )
    proofs = _proofs(resident)
    Spent.objects.bulk_create(
        [
            Spent(poll_id=poll, digest=digest)
            for poll in passes.values_list("poll", flat=True)
            for digest in _digests(poll, proofs)
        ],
        ignore_conflicts=True,
    )


def has_spent(poll: Poll, resident: uuid.UUID) -> bool:
    """Whether what proves ``resident`` has had a pass already, in an account it no longer proves.

    One query as long as nobody who took part has erased their account or a proof.
    """
    spent = Spent.objects.filter(poll=poll)
    if poll.who not in ASKED or not spent.exists():
        return False
    return spent.filter(digest__in=_digests(poll.pk, _proofs(resident))).exists()


def _proofs(resident: uuid.UUID) -> list[str]:
    confirmed = EmailAddress.objects.filter(user=resident, verified=True)
    subjects = Claim.objects.filter(person=resident).exclude(subject="")
    mails = [f"mail {folded(each)}" for each in confirmed.values_list("email", flat=True)]
    return mails + [
        f"{level} {subject}" for level, subject in subjects.values_list("level", "subject")
    ]


def _digests(poll: uuid.UUID, proofs: list[str]) -> list[bytes]:
    key = key_for("spent")
    return [hmac.digest(key, poll.bytes + proof.encode(), sha256) for proof in proofs]
