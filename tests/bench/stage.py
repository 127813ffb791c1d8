"""A poll to measure on, and the voters for it; made by the real services."""

import secrets
import uuid
from datetime import timedelta

from engage.identity.domain.roles import Role
from engage.identity.models import RoleGrant, User
from engage.identity.participants import Participant
from voting.client import Voter
from voting.clock import database_now
from voting.domain.manifest import Manifest
from voting.models import Option, Poll
from voting.services.announcing import announce_poll
from voting.services.passing import issue_pass
from voting.tick import Worker


def open_poll(bits: int) -> tuple[Poll, Manifest]:
    """An open plurality poll for everyone with an issuer key of ``bits``."""
    organiser, _ = User.objects.get_or_create(email="bench@town.example")
    RoleGrant.objects.get_or_create(person=organiser, role=Role.ORGANISER)
    now = database_now().replace(second=0, microsecond=0)
    poll = Poll.objects.create(
        title="Bench", method="plurality", rule="plurality/1", who=Poll.Who.EVERYONE,
        opens_at=now, closes_at=now + timedelta(days=1), organiser=organiser, key_bits=bits,
        batch_max_delay_s=3_600,
    )  # fmt: skip
    for place, key in enumerate(("a", "b", "c")):
        Option.objects.create(poll=poll, key=key, title=key.upper(), position=place)
    announce_poll(poll=poll, by=organiser)
    worker = Worker()
    for _step in range(2):
        poll.refresh_from_db()
        worker.advance(poll)
    poll.refresh_from_db()
    return poll, Manifest.parse(bytes(poll.manifest))


def voters(manifest: Manifest, number: int) -> list[Voter]:
    """Fresh voters with their blinded messages made already."""
    made = [Voter(manifest, secrets.token_bytes(32)) for _ in range(number)]
    for voter in made:
        _ = voter.blinded
    return made


def ballots(poll: Poll, crowd: list[Voter]) -> list[bytes]:
    """A signed ballot of each, pass and all."""
    for voter in crowd:
        answer = issue_pass(poll=poll, person=Participant(uuid.uuid4()), blinded=voter.blinded)
        voter.finish(answer)
    return [voter.ballot("abc"[i % 3]) for i, voter in enumerate(crowd)]
