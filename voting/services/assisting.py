"""A clerk votes for somebody in front of them or on the phone, who says what to choose.

The person's rights decide and are used up, never the clerk's. The server plays the voter in memory,
so the promise shrinks to "recorded as cast, not stored with your name": it has seen the choice.

A seed in memory alone would be lost in a power cut between pass and ballot, and with it the vote;
a seed made from the server's key alone would let whoever holds the key find the ballot for ever.
So half of it, a nonce, is kept from the moment the pass is given until the ballot is in the box.
"""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import Assistance, Consent, Disclosure, User
from engage.identity.models.consents import this_day
from engage.identity.notices import clerk_acted
from engage.identity.participants import Participant
from engage.identity.subjects import key_for
from voting.board.models import Intake, Leaf
from voting.client import Voter
from voting.crypto.intake import check_choice_in
from voting.domain.ballots import parse_ballot
from voting.domain.manifest import Manifest
from voting.domain.merkle import leaf_hash
from voting.domain.promises import parse_promise
from voting.domain.refusal import Refusal
from voting.models import IssuerKey, Pass, Poll, UnderWay
from voting.rules import may_assist
from voting.selectors import has_pass, present_phase
from voting.services.casting import answers_to, parsed_manifest
from voting.services.passing import issue_pass, issuer, refuse_unless_eligible

CONSENT = "assisted"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes home: the code of their ballot, and by when it is in the log."""

    code: str
    by: str
    promise: str


@transaction.atomic
def begin_assistance(
    *, poll: Poll, person: User, channel: str, by: User, version: int
) -> Assistance:
    """Keep that ``person`` wants ``by`` to vote for them, over which channel, by which consent.

    Locks the person. Idempotent because somebody is helped once in a poll: whoever begins anew is
    the clerk from then on. Raises DomainError("assist.forbidden" | "assist.not-found" |
    "assist.self" | "closed" | "not-open" | "not-eligible" | "pass-taken").
    """
    _hold(person)
    refuse_unless_helped(poll=poll, person=person, by=by)
    consent, _new = Consent.objects.get_or_create(
        person=person,
        text=CONSENT,
        version=version,
        withdrawn_at=None,
        defaults={"given_at": this_day()},
    )
    about = {"clerk": by, "channel": channel, "consent": consent, "on": timezone.localdate()}
    kept, _new = Assistance.objects.update_or_create(
        person=person, topic=poll.topic, defaults=about
    )
    Disclosure.objects.create(person=person, by=by, why=Disclosure.Why.ASSIST, at=this_day())
    clerk_acted(person, poll.title)
    return kept


def refuse_unless_helped(*, poll: Poll, person: User, by: User) -> None:
    """Whether ``by`` may vote for ``person`` now. Raises as ``begin_assistance`` says."""
    if not may_assist(by, poll):
        sentence = _("You cannot help people to vote in this poll.")
        raise DomainError("assist.forbidden", sentence, next="/office/assist/")
    if person.pk == by.pk:
        sentence = _("Vote for yourself on the poll's page, as everybody does.")
        raise DomainError("assist.self", sentence, next=poll.get_absolute_url())
    if _under_way(poll, person):
        return
    phase = present_phase(poll)
    if phase != "open":
        code = "not-open" if phase == "announced" else "closed"
        raise DomainError(code, _("Voting in this poll is not open now."), next="/office/assist/")
    if has_pass(poll, person.pk):
        raise _voted()
    refuse_unless_eligible(poll, Participant.of_account(person), timezone.now())


def cast_for(*, assistance: Assistance, poll: Poll, choice: object, by: User) -> Receipt:
    """Cast ``choice`` as the ballot of the person who is helped, and give its receipt.

    Asks again whether all of it is allowed. Locks the person while the pass is given. Idempotent
    because the ballot's key is the same until it is in the box, where the first one counts. Raises
    Refusal("choice") before anything is kept, "busy" or "closed"; DomainError as above.
    """
    person = assistance.person
    refuse_unless_helped(poll=poll, person=person, by=by)
    manifest = parsed_manifest(bytes(poll.manifest))
    check_choice_in(choice, manifest)
    voter = _voter_with_pass(poll, manifest, assistance)
    raw = voter.ballot(choice)
    (answer,) = answers_to(poll=poll.pk, raws=[raw])
    if isinstance(answer, Refusal) and answer.code == "key-used":
        raw = _held(poll, voter)  # it was in the box when the power was cut: this is its receipt
        (answer,) = answers_to(poll=poll.pk, raws=[raw])
    if isinstance(answer, Refusal):
        raise answer
    with transaction.atomic():
        UnderWay.objects.filter(poll=poll, resident=person.pk).delete()
    return Receipt(leaf_hash(raw).hex(), parse_promise(answer).by, answer.decode())


def _voter_with_pass(poll: Poll, manifest: Manifest, assistance: Assistance) -> Voter:
    """The voter with a pass, and its nonce kept with it in one transaction."""
    person = assistance.person
    with transaction.atomic():
        _hold(person)
        known = _under_way(poll, person)
        if known is None and has_pass(poll, person.pk):
            raise _voted()
        nonce = bytes(known.nonce) if known else secrets.token_bytes(32)
        voter = Voter(manifest, _seed(poll, person, nonce))
        if known is None:
            UnderWay.objects.create(poll=poll, resident=person.pk, nonce=nonce)
            account = Participant.of_account(person)
            issue_pass(poll=poll, person=account, blinded=voter.blinded, channel=assistance.channel)
    # Not the answer from above: after a power cut the pass is there, and the poll may be closing.
    pem = IssuerKey.objects.values_list("pem", flat=True).get(poll=poll)
    voter.finish(issuer(pem).blind_sign(voter.blinded))
    return voter


def _hold(person: User) -> None:
    """Hold the account until the transaction ends; it may have been erased in this moment."""
    if not User.objects.select_for_update().filter(pk=person.pk).exists():
        sentence = _("This person has just erased their account. Nothing was cast for them.")
        raise DomainError("assist.not-found", sentence, next="/office/assist/")


def _seed(poll: Poll, person: User, nonce: bytes) -> bytes:
    told = nonce + poll.pk.bytes + person.pk.bytes
    return hmac.digest(key_for("voting.assisted"), told, "sha256")


def _under_way(poll: Poll, person: User) -> UnderWay | None:
    return UnderWay.objects.filter(poll=poll, resident=person.pk).first()


def _held(poll: Poll, voter: Voter) -> bytes:
    """The exact bytes that the box or the log holds under the voter's key."""
    same = {"poll": poll.pk, "key_sha256": hashlib.sha256(voter.key).digest()}
    body = Leaf.objects.filter(**same).values_list("body", flat=True).first()
    body = body or Intake.objects.values_list("leaf", flat=True).get(**same)
    parse_ballot(bytes(body), voter.manifest.k)
    return bytes(body)


def _voted() -> DomainError:
    sentence = _(
        "This person has collected a voting pass for this poll already. One person has one vote: "
        "it can be cast where the pass was collected, or was cast with a clerk's help."
    )
    return DomainError("pass-taken", sentence, next="/office/assist/")


def assisted_ballots(poll: Poll) -> int:
    """How many ballots were cast with help: the passes given so, but for those cut off before.

    To be asked while the box is shut, with all of it in the log.
    """
    helped = Pass.objects.filter(poll=poll, channel__isnull=False).count()
    return helped - sum(not _is_cast(poll, row) for row in UnderWay.objects.filter(poll=poll))


def give_up_under_way(resident: uuid.UUID) -> None:
    """Forget what is under way for ``resident``, whose account goes; not cast, it was no help.

    In the caller's transaction, while the passes still stand under this key. Idempotent.
    """
    for row in UnderWay.objects.filter(resident=resident).select_related("poll"):
        if not _is_cast(row.poll, row):
            Pass.objects.filter(poll=row.poll, resident=resident).update(channel=None)
        row.delete()


def _is_cast(poll: Poll, row: UnderWay) -> bool:
    person = User(pk=row.resident)
    voter = Voter(parsed_manifest(bytes(poll.manifest)), _seed(poll, person, bytes(row.nonce)))
    key = hashlib.sha256(voter.key).digest()
    same = {"poll": poll.pk, "key_sha256": key}
    return Leaf.objects.filter(**same).exists() or Intake.objects.filter(**same).exists()
