"""Polls of the tests' own, brought through their life by the real services, and their voters.

Time is moved by moving the poll's rows, never by another clock. Deliberately absent: fakes.
"""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connections, transaction

from engage.identity.domain.levels import Level
from engage.identity.domain.roles import Role
from engage.identity.models import Claim, RoleGrant, User
from engage.identity.participants import Participant
from voting.board.models import Leaf
from voting.client import Voter
from voting.clock import database_now
from voting.crypto.issuer import generate_key
from voting.domain.manifest import Manifest
from voting.models import IssuerKey, Option, Poll
from voting.services.announcing import announce_poll, prepare_poll
from voting.services.casting import cast_ballot
from voting.services.closing import annul_poll, close_poll, decide_poll, open_poll, seal_box
from voting.services.passing import issue_pass

ABC = (("a", "Ash", None), ("b", "Beech", None), ("c", "Cedar", None))
COSTED = (("p1", "Benches", 40), ("p2", "Lights", 70), ("p3", "Trees", 25))
_numbers = itertools.count(1)

# What a poll of each kind needs, and a few choices that it takes, blank ones among them.
KINDS: dict[tuple[str, str], tuple[dict, list[Any]]] = {
    ("plurality", "plurality/1"): ({}, ["a", "b", "b", None, "c", "b"]),
    ("approval", "approval/1"): ({"max_approvals": 2}, [["a", "c"], ["c"], [], ["b", "c"]]),
    ("ranked", "irv/1"): ({}, [["a", "b"], ["b", "c"], ["c", "b"], [], ["b"], ["a"]]),
    ("ranked", "stv-wig/1"): ({"seats": 2}, [["a", "b"], ["a", "c"], ["c"], [], ["a"], ["b"]]),
    ("budget-approval", "pb-greedy/1"): (
        {"budget": 100},
        [["p1", "p3"], ["p2"], [], ["p1"], ["p1", "p2", "p3"]],
    ),
    ("knapsack", "pb-greedy/1"): ({"budget": 100}, [["p1", "p3"], ["p2", "p3"], [], ["p2"]]),
    ("cumulative", "pb-greedy/1"): (
        {"budget": 100, "points": 5},
        [{"p1": 5}, {"p2": 2, "p3": 3}, {}, {"p3": 1}],
    ),
}


def person(role: str = "resident", *, confirmed: bool = True, **fields: Any) -> User:
    """An account; unless told otherwise, whoever made it has proved that the address is theirs."""
    address = f"{role}-{next(_numbers)}@town.example"
    user = User.objects.create_user(address, **fields)
    if role in Role.__members__.values():
        RoleGrant.objects.create(person=user, role=role)
    EmailAddress.objects.create(user=user, email=address, verified=confirmed, primary=True)
    return user


def organiser() -> User:
    return User.objects.filter(grants__role="organiser").first() or person("organiser")


def draft(method: str = "plurality", rule: str = "", options: tuple = (), **fields: Any) -> Poll:
    """A draft that lacks nothing, opened an hour ago by its times and closing tomorrow."""
    rule = rule or Poll.RULES[method][0]
    now = database_now().replace(second=0, microsecond=0)
    values: dict[str, Any] = {
        "title": f"Question {next(_numbers)}",
        "who": "everyone",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=1),
        **KINDS[method, rule][0],
        **fields,
    }
    poll = Poll.objects.create(method=method, rule=rule, organiser=organiser(), **values)
    wanted = options or (COSTED if rule.startswith("pb-") else ABC)
    for place, (key, title, cost) in enumerate(wanted):
        Option.objects.create(poll=poll, key=key, title=title, cost=cost, position=place)
    return poll


def preparing(**fields: Any) -> Poll:
    poll = draft(**fields)
    return announce_poll(poll=poll, by=poll.organiser)


def announced(**fields: Any) -> Poll:
    """Announced and, unless ``opens_at`` says otherwise, about to be opened by the worker."""
    poll = preparing(**fields)
    if poll.key_bits == 2048:  # as an interrupted worker would have left it
        IssuerKey.objects.create(poll=poll, pem=issuer_key())
    prepare_poll(poll=poll)
    poll.refresh_from_db()
    return poll


@cache
def issuer_key() -> str:
    """One key for all polls of a test run: making it takes longer than most tests."""
    return generate_key(2048)


def coming(**fields: Any) -> Poll:
    """Announced, and not to open before tomorrow."""
    tomorrow = database_now().replace(second=0, microsecond=0) + timedelta(days=1)
    times = {"opens_at": tomorrow, "closes_at": tomorrow + timedelta(days=1)}
    return announced(**{**times, **fields})


def opened(**fields: Any) -> Poll:
    return open_poll(poll=announced(**fields))


def closing(**fields: Any) -> Poll:
    """Closed by hand a moment ago: no more passes, ballots still taken."""
    return closed_by_hand(opened(**fields))


def closed_by_hand(poll: Poll) -> Poll:
    return close_poll(poll=poll, by=poll.organiser)


def closed(**fields: Any) -> Poll:
    return sealed(opened(**fields))


def sealed(poll: Poll) -> Poll:
    """Close an open poll, let its grace time pass, and take the last batch."""
    closed_by_hand(poll)
    let_the_grace_pass(poll)
    seal_box(poll=poll)
    poll.refresh_from_db()
    return poll


def let_the_grace_pass(poll: Poll) -> None:
    past = database_now() - timedelta(seconds=poll.batch_max_delay_s + 1)
    Poll.objects.filter(pk=poll.pk).update(closing_since=past)
    poll.refresh_from_db()


def decided(**fields: Any) -> Poll:
    return ended(opened(**fields))


def ended(poll: Poll) -> Poll:
    """Close an open poll and count it."""
    decide_poll(poll=sealed(poll))
    poll.refresh_from_db()
    return poll


def annulled(**fields: Any) -> Poll:
    poll = opened(**fields)
    return annul_poll(poll=poll, by=poll.organiser, reason="A mistake in the question.")


STATES: dict[str, Callable[..., Poll]] = {
    "draft": draft, "preparing": preparing, "announced": coming, "open": opened,
    "closing": closing, "closed": closed, "decided": decided, "annulled": annulled,
}  # fmt: skip


def manifest_of(poll: Poll) -> Manifest:
    return Manifest.parse(bytes(poll.manifest))


def voter_without_pass(poll: Poll) -> Voter:
    return Voter.new(manifest_of(poll))


def participant(key: uuid.UUID | None = None, level: Level = Level.EMAIL) -> Participant:
    """Somebody of whom so much is known; below e-mail they have no account."""
    if level == Level.PARTICIPANT:
        return Participant(key or uuid.uuid4())
    account = User.objects.filter(pk=key).first() or person(**({"pk": key} if key else {}))
    if level > Level.EMAIL:
        Claim.objects.get_or_create(
            person=account, level=level,
            defaults={"source": "test", "made_at": datetime(2020, 1, 1, tzinfo=UTC)},
        )  # fmt: skip
    return Participant.of_account(account)


def voter(poll: Poll, resident: uuid.UUID | None = None) -> Voter:
    """Somebody who has collected a pass."""
    new = voter_without_pass(poll)
    new.finish(issue_pass(poll=poll, person=participant(resident), blinded=new.blinded))
    return new


def ballot(poll: Poll, choice: Any = "a") -> bytes:
    """The exact bytes of a good ballot that was not cast yet."""
    return voter(poll).ballot(choice)


def cast(poll: Poll, *choices: Any) -> list[bytes]:
    """One ballot a choice, collected and cast; returns their bytes."""
    leaves = [ballot(poll, choice) for choice in choices]
    for leaf in leaves:
        cast_ballot(poll=poll.pk, raw=leaf)
    return leaves


def logged(poll: Poll) -> list[tuple[str, bytes]]:
    """(kind, exact bytes) of every entry, in order."""
    rows = Leaf.objects.filter(poll=poll.pk).order_by("index").values_list("kind", "body")
    return [(kind, bytes(body)) for kind, body in rows]


def kinds(poll: Poll) -> list[str]:
    return [kind for kind, _body in logged(poll)]


class PowerCut(BaseException):
    """What a test's power cut raises; nothing in the program may catch it."""


@contextmanager
def power_cut(at: int) -> Iterator[None]:
    """Cut the power before the write number ``at`` (from 1) to either database.

    Being cut before something is only read is the same as before the next write.
    """
    count = itertools.count(1)

    def execute(run, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and next(count) == at:
            raise PowerCut
        return run(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(execute))
        yield


def every_cut(act: Callable[[Poll], Any], poll: Poll) -> Iterator[Poll]:
    """``act(poll)`` cut before each of its writes in turn, and then done again.

    Yields the poll after each repetition and takes it all back afterwards; the last time round
    nothing was cut.
    """
    for at in itertools.count(1):
        with ExitStack() as stack:
            for using in connections:
                stack.enter_context(taken_back(using))
            subject, whole = Poll.objects.get(pk=poll.pk), True
            try:
                with power_cut(at):
                    act(subject)
            except PowerCut:
                whole = False
                act(Poll.objects.get(pk=poll.pk))
            yield Poll.objects.get(pk=poll.pk)
        if whole:
            return


@contextmanager
def taken_back(using: str) -> Iterator[None]:
    """A part of a test after which the database is as before."""
    with transaction.atomic(using=using):
        yield
        transaction.set_rollback(True, using=using)
