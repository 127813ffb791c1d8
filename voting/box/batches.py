"""Ballots that wait, taken in groups: one thread, one transaction and one commit for a crowd.

Deliberately absent: any promise before the commit, and any memory of who came when.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from django.db import close_old_connections

from voting.domain.refusal import Refusal
from voting.services.casting import answers_to

ROOM = 2_000  # ballots that may wait: a hall that votes at one word, and some two seconds' work
TOGETHER = 200  # ballots in one transaction


class Waiting(NamedTuple):
    """A ballot at the slot; ``answer`` becomes its promise or its refusal."""

    poll: uuid.UUID
    raw: bytes
    answer: asyncio.Future


class Batches:
    """One process's queue of ballots and the thread that empties it. Used from one event loop."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="ballots")
        self.waiting: deque[Waiting] = deque()
        self.work: asyncio.Task | None = None
        self.shut = False

    async def cast(self, poll: uuid.UUID, raw: bytes) -> bytes | Refusal | None:
        """The promise, after the ballot was committed, or why there is none.

        Refusal("busy") at once where too many wait already, or after ``stop``. None if the group
        came to grief by a fault that nobody thought of; casting again, alone, does no harm.
        """
        if self.shut or len(self.waiting) >= ROOM:
            return Refusal("busy", "")
        ballot = Waiting(poll, raw, asyncio.get_running_loop().create_future())
        self.waiting.append(ballot)
        if self.work is None:
            self.work = asyncio.create_task(self._take_all())
        try:
            return await asyncio.shield(ballot.answer)
        except asyncio.CancelledError:  # the server ends, and lets us: what came in is answered
            return await ballot.answer

    async def stop(self) -> None:
        """Take in no more; returns when all that waited was committed and has its answer."""
        self.shut = True
        while self.work:
            await asyncio.wait([self.work])

    async def _take_all(self) -> None:
        while self.waiting:
            together = [self.waiting.popleft() for _ in range(min(TOGETHER, len(self.waiting)))]
            await self._take(together)
        self.work = None

    async def _take(self, together: Sequence[Waiting]) -> None:
        loop = asyncio.get_running_loop()
        for poll in {ballot.poll for ballot in together}:
            ballots = [ballot for ballot in together if ballot.poll == poll]
            raws = [ballot.raw for ballot in ballots]
            answers: Sequence[bytes | Refusal | None]
            try:
                answers = await loop.run_in_executor(self.thread, _cast, poll, raws)
            except Exception:  # ours; whoever takes them one by one meets it again and says so
                answers = [None] * len(raws)
            for ballot, answer in zip(ballots, answers, strict=True):
                if not ballot.answer.done():  # else whoever waited was ended by force
                    ballot.answer.set_result(answer)


def _cast(poll: uuid.UUID, raws: Sequence[bytes]) -> list[bytes | Refusal]:
    close_old_connections()
    try:
        return answers_to(poll=poll, raws=raws)
    finally:
        close_old_connections()
