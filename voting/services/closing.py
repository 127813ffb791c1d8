"""Opening, closing and deciding: what happens at its time, or earlier by an organiser's hand.

Each deed looks at what the log already holds, so that a crash between two steps is made good
by doing it again.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from engage import __version__
from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from voting.board.log import NewLeaf, append, hold_log, kinds_in
from voting.board.models import Leaf, Log
from voting.clock import database_now
from voting.domain import leaves
from voting.models import IssuerKey, Pass, Poll, Spent, UnderWay
from voting.rules import may_manage_poll
from voting.selectors import present_phase
from voting.services.assisting import assisted_ballots
from voting.services.casting import parsed_manifest
from voting.services.counting import count_log
from voting.services.merging import merge_held


def _locked(poll: Poll, by: User | None) -> Poll:
    fresh = Poll.objects.select_for_update().get(pk=poll.pk)
    if by is not None and not may_manage_poll(by, fresh):
        raise DomainError("poll.forbidden", _("Only organisers do this."))
    return fresh


@transaction.atomic
def open_poll(*, poll: Poll, by: User | None = None) -> Poll:
    """Open an announced poll; with ``by``, an organiser opens it before its time.

    Locks the poll. Publishes ``poll.opened``. Raises DomainError("poll.conflict").
    """
    fresh = _locked(poll, by)
    if fresh.state != Poll.State.ANNOUNCED:
        raise DomainError("poll.conflict", _("Only an announced poll can be opened."))
    if database_now() < fresh.opens_at:
        if by is None:
            return fresh
        _note(fresh.pk, "Opened by the organiser before the time in the manifest.", early=True)
    fresh.state = Poll.State.OPEN
    fresh.save(update_fields=["state"])
    publish(fresh.topic, "poll.opened")
    return fresh


@transaction.atomic
def close_poll(*, poll: Poll, by: User | None = None) -> Poll:
    """Stop giving out passes; ballots already on their way are taken for ``max_delay_s`` more.

    Locks the poll. Publishes ``poll.closing``. Raises DomainError("poll.conflict").
    """
    fresh = _locked(poll, by)
    if fresh.state != Poll.State.OPEN:
        raise DomainError("poll.conflict", _("Only an open poll can be closed."))
    now = database_now()
    if now < fresh.closes_at:
        if by is None:
            return fresh
        _note(fresh.pk, "Closed by the organiser before the time in the manifest.")
    fresh.state, fresh.closing_since = Poll.State.CLOSING, min(now, fresh.closes_at)
    fresh.save(update_fields=["state", "closing_since"])
    publish(fresh.topic, "poll.closing")
    return fresh


def _note(poll: uuid.UUID, text: str, *, early: bool = False) -> None:
    with transaction.atomic(using="ballots"):
        log = hold_log(poll)
        if early:
            log.opened_early = True
            log.save(update_fields=["opened_early"])
        body = leaves.note_leaf(parsed_manifest(bytes(log.manifest)).field, text)
        if not Leaf.objects.filter(poll=poll, kind="note", body=body).exists():
            append(log, [NewLeaf("note", body)])


def seal_box(*, poll: Poll) -> None:
    """Take the last batch into the log and write the ``close`` leaf; the box is shut for good.

    Only after the grace time. Locks the log. Publishes ``poll.closed``.
    """
    if poll.state != Poll.State.CLOSING or present_phase(poll) != "closed":
        return
    passes = Pass.objects.filter(poll=poll).count()
    with transaction.atomic(using="ballots"):
        log = hold_log(poll.pk)
        known = kinds_in(log)
        if not {"close", "annul"} & known:
            log.accepting = False
            log.save(update_fields=["accepting"])
            merge_held(log)
            _append_close(log, passes, assisted_ballots(poll))
    with transaction.atomic():
        UnderWay.objects.filter(poll=poll).delete()
    _advance(poll, known, Poll.State.CLOSED, "poll.closed")


def _append_close(log: Log, passes: int, assisted: int) -> None:
    ballots = Leaf.objects.filter(poll=log.poll, kind="ballot").count()
    field = parsed_manifest(bytes(log.manifest)).field
    body = leaves.close_leaf(field, ballots=ballots, passes=passes, assisted=assisted)
    append(log, [NewLeaf("close", body)])


def decide_poll(*, poll: Poll) -> None:
    """Count the closed log and write the ``result`` leaf. Publishes ``poll.decided``."""
    with transaction.atomic(using="ballots"):
        log = hold_log(poll.pk)
        known = kinds_in(log)
        if not {"result", "annul"} & known:
            outcome = count_log(log, code=f"engage {__version__}")
            append(log, [NewLeaf("result", outcome)])
    _advance(poll, known, Poll.State.DECIDED, "poll.decided")


def _advance(poll: Poll, known: set[str], state: str, kind: str) -> None:
    if "annul" in known:  # also when whoever annulled it was cut off before saying so here
        state, kind = Poll.State.ANNULLED, "poll.annulled"
    with transaction.atomic():
        fresh = Poll.objects.select_for_update().get(pk=poll.pk)
        if fresh.state in (state, Poll.State.ANNULLED):
            return
        fresh.state = state
        fresh.save(update_fields=["state"])
        publish(fresh.topic, kind)


@transaction.atomic
def forget_order(*, poll: Poll) -> None:
    """After the record is out: erase what gave out passes, write the passes anew in key order.

    Passes collected one after the other stand in that order on PostgreSQL's pages; written again
    in one sorted batch they do not. Idempotent because it starts from the key's presence.
    """
    if not IssuerKey.objects.filter(poll=poll).exists():
        return
    passes = list(Pass.objects.filter(poll=poll).order_by("resident"))
    Pass.objects.filter(poll=poll).delete()
    Pass.objects.bulk_create(passes, batch_size=2_000)
    Spent.objects.filter(poll=poll).delete()
    UnderWay.objects.filter(poll=poll).delete()
    IssuerKey.objects.filter(poll=poll).delete()


def annul_poll(*, poll: Poll, by: User, reason: str) -> Poll:
    """Annul a poll that was announced wrongly; its log stays and says why.

    Locks the poll and its log. Publishes ``poll.annulled``. Raises DomainError("poll.conflict").
    """
    with transaction.atomic():
        fresh = _locked(poll, by)
        if fresh.state in (Poll.State.DRAFT, Poll.State.PREPARING, Poll.State.ANNULLED):
            raise DomainError("poll.conflict", _("This poll cannot be annulled."))
        with transaction.atomic(using="ballots"):
            log = hold_log(fresh.pk)
            if "annul" not in kinds_in(log):
                log.accepting = False
                log.save(update_fields=["accepting"])
                merge_held(log)
                field = parsed_manifest(bytes(log.manifest)).field
                append(log, [NewLeaf("annul", leaves.annul_leaf(field, reason))])
        fresh.state = Poll.State.ANNULLED
        fresh.save(update_fields=["state"])
        publish(fresh.topic, "poll.annulled")
    return fresh
