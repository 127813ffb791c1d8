"""What happens by itself: opening, merging, closing, counting, exporting. One idempotent tick.

No queue and no schedule is stored: what there is to do follows from the polls' rows and the
time, so that a killed worker's work is simply found again by the next tick.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from engage.journal.services import show
from voting.board.operations import forget_arrivals
from voting.clock import database_now
from voting.models import Poll
from voting.selectors import poll_tally, present_phase
from voting.services.announcing import prepare_poll
from voting.services.closing import close_poll, decide_poll, forget_order, open_poll, seal_box
from voting.services.grouping import show_groups
from voting.services.merging import merge_intake
from voting.services.recording import export_record

log = logging.getLogger("voting.tick")
State = Poll.State
OVER = (State.DECIDED, State.ANNULLED)


@dataclass
class Worker:
    """Does what is due, poll by poll; only remembers when it last looked into which box."""

    clock: Callable[[], float] = time.monotonic
    merged: dict[uuid.UUID, float] = field(default_factory=dict)
    looked: dict[uuid.UUID, float] = field(default_factory=dict)

    def tick(self) -> None:
        """One round over every poll that is not over. A failing poll never stops the others."""
        under_way = Poll.objects.exclude(state__in=[State.DRAFT, *OVER])
        to_archive = Poll.objects.filter(state__in=OVER, issuer_key__isnull=False)
        for poll in [*under_way, *to_archive]:
            try:
                self.advance(poll)
            except Exception:
                log.exception("poll %s could not be advanced; trying again", poll.pk)

    def advance(self, poll: Poll) -> None:
        """Do the one thing that is due for ``poll``."""
        phase = present_phase(poll, database_now())
        if poll.state == State.PREPARING:
            prepare_poll(poll=poll)
        elif poll.state == State.ANNOUNCED and phase != "announced":
            open_poll(poll=poll)
        elif poll.state == State.OPEN and phase != "open":
            close_poll(poll=poll)
        elif poll.state == State.CLOSING and phase == "closed":
            seal_box(poll=poll)
            show_groups(poll=poll)
            tell(poll)
        elif poll.state == State.CLOSED:
            show_groups(poll=poll)  # again: the power may have been cut after the box was shut
            decide_poll(poll=poll)
        elif poll.state in OVER:
            archive(poll)
        else:
            self.merge(poll)

    def merge(self, poll: Poll) -> None:
        """Merge when a batch is full, and at half the promised time even for one ballot.

        After a restart the first look merges whatever waits: a promise outweighs a batch.
        """
        now = self.clock()
        promised = now - self.merged.get(poll.pk, -1e9) >= poll.batch_max_delay_s / 2
        if not promised and now - self.looked.get(poll.pk, -1e9) < poll.batch_every_s:
            return
        self.looked[poll.pk] = now
        merged = merge_intake(poll=poll.pk, least=1 if promised else poll.batch_min)
        if merged:
            show_groups(poll=poll)
        if promised or merged:
            self.merged[poll.pk] = now
            forget_arrivals()
        if merged:
            tell(poll)


def archive(poll: Poll) -> None:
    """Publish the record, then erase what only served to give out passes."""
    export_record(poll=poll.pk)
    forget_order(poll=poll)
    forget_arrivals()


def tell(poll: Poll) -> None:
    """Show the tally, and who took part so far, to every open page."""
    tally = poll_tally(poll.pk)
    show(poll.topic, "tally", tally["version"], **tally)
