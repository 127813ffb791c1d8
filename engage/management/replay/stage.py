"""The poll of a replayed election: written, announced and closed by the real services.

Waiting is for the server's own worker; nothing is advanced from here.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from engage.identity.domain.roles import Role
from engage.identity.models import RoleGrant, User
from voting.clock import database_now
from voting.domain.formats import Election
from voting.models import Option, Poll
from voting.services.announcing import announce_poll
from voting.services.closing import close_poll

ORGANISER = "replay@eddersford.example"
DELAY_S = 10
WAIT_S = 900.0


def stage_poll(election: Election, *, key_bits: int) -> Poll:
    """A poll for everyone with the election's options, announced and open at once."""
    organiser, _ = User.objects.get_or_create(email=ORGANISER, defaults={"display_name": "Replay"})
    RoleGrant.objects.get_or_create(person=organiser, role=Role.ORGANISER)
    now = database_now().replace(second=0, microsecond=0)
    params = election.params
    poll = Poll.objects.create(
        title=election.title[:200], method=election.method, rule=election.rule,
        who=Poll.Who.EVERYONE, organiser=organiser, key_bits=key_bits,
        opens_at=now, closes_at=now + timedelta(days=2),
        seats=params.get("seats", 1), max_ranks=params.get("max_ranks", 5),
        max_approvals=params.get("max_approvals"), budget=params.get("budget"),
        points=params.get("points"), rule_params=beyond_columns(params),
        batch_min=5, batch_every_s=1, batch_max_delay_s=DELAY_S,
    )  # fmt: skip
    Option.objects.bulk_create(
        Option(poll=poll, key=key, title=title, cost=cost, position=place)
        for place, (key, title, cost) in enumerate(short_titles(election.options))
    )
    announce_poll(poll=poll, by=organiser)
    return wait_for(poll, Poll.State.OPEN)


def short_titles(
    options: list[tuple[str, str, int | None]],
) -> list[tuple[str, str, int | None]]:
    """The options with titles that leave the manifest below the 65,535 bytes of a leaf.

    A title that another one equals once shortened is followed by its id.
    """
    longest = max(16, min(200, 20_000 // len(options)))
    taken: set[str] = set()
    short = []
    for key, title, cost in options:
        cut = title[:longest]
        if cut.casefold() in taken:
            cut = f"{title[: longest - len(key) - 3]} ({key})"
        taken.add(cut.casefold())
        short.append((key, cut, cost))
    return short


def beyond_columns(params: dict[str, object]) -> dict[str, object]:
    """What the file says of its rule that the poll has no column for."""
    columns = {"seats", "max_ranks", "max_approvals", "budget", "points"}
    return {name: value for name, value in params.items() if name not in columns}


def end_poll(poll: Poll) -> Poll:
    """Close the poll now and wait until the server has decided it."""
    close_poll(poll=poll, by=poll.organiser)
    return wait_for(poll, Poll.State.DECIDED)


def wait_for(poll: Poll, state: str, *, pause: Callable[[float], None] = time.sleep) -> Poll:
    """The poll once the worker has brought it to ``state``. Raises TimeoutError."""
    until = time.monotonic() + WAIT_S
    while poll.state != state:
        if time.monotonic() > until:
            raise TimeoutError(f"the poll is {poll.state}, not {state}; is the worker running?")
        pause(0.2)
        poll.refresh_from_db()
    return poll
