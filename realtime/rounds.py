"""What the hub does by the clock: signs of life, slow readers, who may still follow, the survey.

Channel-layer messages may be lost; what is asked for here makes it good within seconds.
Deliberately absent: anything that has to be exact in time.
"""

from typing import TYPE_CHECKING, Any

from realtime import truth
from realtime.codes import Code
from realtime.presence import INTERVAL_S, NAME, is_shown
from realtime.reader import read
from realtime.room import BEATS, Room

if TYPE_CHECKING:
    from realtime.hub import Hub

BEAT_S = 1.0
LOOK_S = 0.2
SURVEY_S = 2.0
SURVEY_AT_LEAST = 20
SURVEY_SHARE = 20
ASK_AGAIN_S = 2.0
ASK_AGAIN_SHARE = 5
PRESENCE_EVERY = int(INTERVAL_S)
PATIENCE_S = 30.0


class Rounds:
    """Begin with the first room, end with the last; ``hub`` brings the clock."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._beats = 0
        self._beating: Any = None
        self._looking: Any = None
        self._surveyed: dict[str, float] = {}
        self._survey_from = self._ask_from = float("inf")
        self._rested_at = float("-inf")

    def begin(self) -> None:
        if self._beating is None:
            self._survey_from = self.hub.clock() + SURVEY_S
            self._ask_from = self.hub.clock() + ASK_AGAIN_S
            self._beating = self.hub.call_later(BEAT_S, self._keep_time)

    def end(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _keep_time(self) -> None:
        self._beating = self.hub.call_later(BEAT_S, self._keep_time)
        self.beat()

    def beat(self) -> None:
        """Once a second, each of its duties as often as it is due."""
        hub, now, turn = self.hub, self.hub.clock(), self._beats % BEATS
        self._beats += 1
        self._look_after_the_slow(now)
        for room in hub.rooms.values():
            room.beat(turn, now)
        if now >= self._ask_from:
            self._begin_asking()
        if self._beats % PRESENCE_EVERY == 0:
            self._count(now)
        if now >= self._survey_from:
            self._survey_from = float("inf")
            hub.spawn(self.survey())
            if not hub.subscription.settled:
                hub.spawn(hub.subscription.settle())

    def look_soon(self) -> None:
        """Somebody may have lost a right: ask in a moment, for all who lose one by then."""
        if self._looking is None and self._beating is not None:
            rest = self._rested_at - self.hub.clock()
            self._looking = self.hub.call_later(max(LOOK_S, rest), self._look)

    def _look(self) -> None:
        self._looking = None
        if self._ask_from < float("inf"):
            self._begin_asking()
        else:  # it is being asked already, perhaps of how things stood before
            self.look_soon()

    def _begin_asking(self) -> None:
        self._ask_from = float("inf")
        self.hub.spawn(self._ask_again())

    def _look_after_the_slow(self, now: float) -> None:
        for follower, since in tuple(self.hub.latecomers.slow.items()):
            if not follower.outlet.full:
                self.hub.latecomers.relieve(follower)
            elif now - since > PATIENCE_S:
                self.hub.expel(follower, Code.TOO_SLOW)

    def _count(self, now: float) -> None:
        """How many are here, to those who are here and to the other processes."""
        hub = self.hub
        shown = [room for room in hub.rooms.values() if is_shown(room.topic.kind)]
        for room in shown:
            reading = hub.presence.reading(room.name, len(room.followers), now)
            hub.offer(room, NAME, reading, INTERVAL_S)
        if hub.presence.shared:
            here = {room.name: len(room.followers) for room in shown}
            hub.spawn(hub.presence.tell(here))

    async def _ask_again(self) -> None:
        """Whether the signed-in still are, and those who follow what is not public still may.

        Sooner than the survey: a right that was taken away ends within seconds, also where no hint
        of it came. Asking takes at most a fifth of the time.
        """
        started = self.hub.clock()
        try:
            await self.hub.members.show_out()
            for room in [r for r in self.hub.rooms.values() if not r.public and r.followers]:
                await self.hub.show_out(room)
        finally:
            took = self.hub.clock() - started
            self._rested_at = started + ASK_AGAIN_SHARE * took
            self._ask_from = max(started + ASK_AGAIN_S, self._rested_at)

    async def survey(self) -> None:
        """Ask the database how things stand; a message that was lost is made good here.

        Each topic has its turn within two surveys. Reading takes at most a twentieth of the time.
        """
        started = self.hub.clock()
        try:
            rooms = self._next_to_survey(started)
            found = await read(truth.survey, [room.topic for room in rooms])
            for room in rooms:
                await self.hub.learn(room, found[room.name])
        finally:
            took = self.hub.clock() - started
            self._survey_from = started + max(SURVEY_S, SURVEY_SHARE * took)

    def _next_to_survey(self, now: float) -> list[Room]:
        rooms = sorted(self.hub.rooms.values(), key=lambda r: self._surveyed.get(r.name, 0.0))
        rooms = rooms[: max(SURVEY_AT_LEAST, -(-len(rooms) // 2))]
        self._surveyed = {n: at for n, at in self._surveyed.items() if n in self.hub.rooms}
        self._surveyed.update((room.name, now) for room in rooms)
        return rooms
