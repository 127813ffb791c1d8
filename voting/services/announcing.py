"""Announcing a poll: from here on it is fixed, and everybody can see by which key and which log.

Keys are made by the worker, never inside somebody's request.
"""

import secrets
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.eligibility import missing as missing_of
from engage.identity.models import User
from engage.identity.selectors.people import known_residents
from engage.journal.services import publish
from voting.board.log import NewLeaf, append, hold_log
from voting.board.models import Log
from voting.booth_scripts import client_hashes
from voting.clock import database_now
from voting.crypto import ed25519
from voting.crypto.issuer import generate_key
from voting.domain import base64url, notes
from voting.domain.counting import RULES
from voting.domain.leaves import roll_leaves
from voting.domain.manifest import Manifest, build, issuer_entry
from voting.domain.missing import missing
from voting.domain.refusal import Refusal
from voting.domain.rolls import commitment, roll_root
from voting.domain.room import result_fits
from voting.domain.terms import spends_budget
from voting.domain.times import minute
from voting.eligibility import eligibility
from voting.models import IssuerKey, Option, Poll, RollEntry
from voting.rules import may_manage_poll
from voting.selectors import draft_facts
from voting.services.passing import issuer


@transaction.atomic
def announce_poll(*, poll: Poll, by: User) -> Poll:
    """Hand the draft to the worker, which makes its keys and publishes it.

    Locks the poll. Idempotent because only a draft is handed over.
    Raises DomainError("poll.forbidden" | "poll.conflict" | "poll.incomplete").
    """
    poll = Poll.objects.select_for_update().get(pk=poll.pk)
    if not may_manage_poll(by, poll):
        raise DomainError("poll.forbidden", _("Only organisers announce polls."))
    if poll.state != Poll.State.DRAFT:
        raise DomainError("poll.conflict", _("This poll has been announced already."))
    if missing(draft_facts(poll), database_now()):
        raise DomainError(
            "poll.incomplete",
            _("Something is missing before this poll can be announced."),
            next=f"{poll.get_absolute_url()}manage/",
        )
    _refuse_what_the_log_cannot_hold(poll)
    poll.state = Poll.State.PREPARING
    poll.save(update_fields=["state"])
    return poll


def _refuse_what_the_log_cannot_hold(poll: Poll) -> None:
    """Write the manifest once in vain: the worker could only fail at it again and again."""
    poll.collect_from = min(database_now(), poll.opens_at)
    n, log_public = (1 << poll.key_bits) - 1, ed25519.generate()[1]
    try:
        manifest = Manifest.parse(build(_manifest_value(poll, n, log_public, [])))
        sentence = _("This poll has too many options for its result to fit into the log.")
        fits = result_fits(manifest)
    except Refusal as refusal:
        sentence, fits = _("This poll cannot be announced: %s") % refusal, False
    if not fits:
        raise DomainError("poll.incomplete", sentence, next=f"{poll.get_absolute_url()}edit/")


def prepare_poll(*, poll: Poll) -> None:
    """Make a handed-over poll's keys, manifest, roll and log, and announce it.

    Idempotent because each step looks for what an interrupted run left: the two keys first, then
    the manifest with the roll, then the first leaves. A poll that was not handed over is left
    alone. Publishes ``poll.announced``.
    """
    poll.refresh_from_db()
    if poll.state != Poll.State.PREPARING:
        return
    seed = _log_seed(poll.pk)
    if not IssuerKey.objects.filter(poll=poll).exists():
        pem = generate_key(poll.key_bits)
        IssuerKey.objects.get_or_create(poll=poll, defaults={"pem": pem})
    _fix_manifest(poll, seed)
    poll.refresh_from_db()
    _found_log(poll)
    with transaction.atomic():
        fresh = Poll.objects.select_for_update().get(pk=poll.pk)
        if fresh.state != Poll.State.PREPARING:
            return
        fresh.state = Poll.State.ANNOUNCED
        fresh.save(update_fields=["state"])
        publish(fresh.topic, "poll.announced", manifest=Manifest.parse(bytes(fresh.manifest)).field)


def _log_seed(poll: uuid.UUID) -> bytes:
    seed, _public = ed25519.generate()
    log, _created = Log.objects.get_or_create(pk=poll, defaults={"manifest": b"", "seed": seed})
    return bytes(log.seed)


@transaction.atomic
def _fix_manifest(poll: Poll, seed: bytes) -> None:
    poll = Poll.objects.select_for_update().get(pk=poll.pk)
    if poll.manifest is not None:
        return
    n = issuer(IssuerKey.objects.get(poll=poll).pem).n
    roll = _draw_roll(poll) if poll.who == Poll.Who.ROLL else []
    commitments = sorted(bytes(entry.commitment) for entry in roll)
    RollEntry.objects.bulk_create(sorted(roll, key=lambda entry: entry.resident))
    poll.collect_from = min(database_now(), poll.opens_at)
    value = _manifest_value(poll, n, ed25519.public_key(seed), commitments)
    poll.manifest = build(value)
    poll.save(update_fields=["collect_from", "manifest"])


def _draw_roll(poll: Poll) -> list[RollEntry]:
    now = database_now()
    rule, today = poll.asked, timezone.localdate(now)
    return [
        _commit(poll, key)
        for key, claims in known_residents()
        if not missing_of(rule, claims, now, today=today)
    ]


def _commit(poll: Poll, resident: uuid.UUID) -> RollEntry:
    salt = secrets.token_bytes(32)
    sealed = commitment(salt, str(poll.pk), str(resident))
    return RollEntry(poll=poll, resident=resident, salt=salt, commitment=sealed)


def _manifest_value(poll: Poll, n: int, log_public: bytes, commitments: list[bytes]) -> dict:
    origin = f"{settings.SITE_ORIGIN.split('://')[1]}/polls/{poll.pk}"
    roll = {"size": len(commitments), "root": base64url.encode(roll_root(commitments))}
    return {
        "v": 1, "type": "manifest", "poll": str(poll.pk),
        "title": poll.title, "method": poll.method,
        "rules": {"id": poll.rule, "params": params(poll), "text": RULES[poll.rule].text},
        "options": [_option(option, poll.rule) for option in poll.options.all()],
        "collect_from": minute(poll.collect_from),
        "open": minute(poll.opens_at), "close": minute(poll.closes_at),
        "issuers": [issuer_entry(n, poll.key_bits)], "quorum": 1,
        "roll": roll if poll.who == Poll.Who.ROLL else None,
        "eligibility": _in_the_town_s_words(poll), "results": "live",
        "batch": {
            "min": poll.batch_min, "every_s": poll.batch_every_s,
            "max_delay_s": poll.batch_max_delay_s,
        },
        "revote": False, "tally_key": None,
        "log": {"origin": origin, "vkey": notes.vkey(origin, log_public)},
        "client": client_hashes(), "assisted": poll.assisted,
    }  # fmt: skip


def _in_the_town_s_words(poll: Poll) -> str:
    """The manifest is one for everybody: not in the language of whoever announces."""
    with translation.override(settings.LANGUAGE_CODE):
        return eligibility(poll)


def _option(option: Option, rule: str) -> dict:
    entry = {"id": option.key, "title": option.title}
    return {**entry, "cost": option.cost} if spends_budget(rule) else entry


COLUMNS = {
    "plurality": ("seats",),
    "approval": ("seats", "max_approvals"),
    "ranked": ("max_ranks",),
    "budget-approval": ("budget", "max_approvals"),
    "knapsack": ("budget", "max_approvals"),
    "cumulative": ("budget", "points"),
    "score": ("budget",),
}


def params(poll: Poll) -> dict:
    """The parameters of the poll's method and rule, only those that it has."""
    columns = (*COLUMNS[poll.method], *(("seats",) if poll.rule == "stv-wig/1" else ()))
    known = {name: getattr(poll, name) for name in columns if getattr(poll, name) is not None}
    return {**known, **poll.rule_params}


def _found_log(poll: Poll) -> None:
    with transaction.atomic(using="ballots"):
        log = hold_log(poll.pk)
        if log.size:
            return
        log.manifest = bytes(poll.manifest)
        log.save(update_fields=["manifest"])
        append(log, [NewLeaf("manifest", bytes(poll.manifest)), *_roll_leaves(poll)])


def _roll_leaves(poll: Poll) -> list[NewLeaf]:
    entries = RollEntry.objects.filter(poll=poll).values_list("commitment", flat=True)
    field = Manifest.parse(bytes(poll.manifest)).field
    return [NewLeaf("roll", body) for body in roll_leaves(field, sorted(map(bytes, entries)))]
