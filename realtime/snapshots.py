"""Topics as they stood within the last second, for pages that ask instead of listening.

However many ask, and from wherever they stand, a topic is read once a second and process.
Deliberately absent: the hub. A process without any socket answers just the same.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from engage.domain.topics import Topic
from realtime import truth
from realtime.domain import envelope
from realtime.domain.envelope import Frame, Frames
from realtime.topics import KINDS

KEPT_S = 1.0
BRIEFLY_S = 0.2
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: the very envelopes of the socket, and a tag that changes with them."""

    body: str
    etag: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One topic in one language (empty: without html). ``facts`` are its newest, in order."""

    name: str
    public: bool
    head: int
    facts: Sequence[tuple[int, Frames]]
    gauges: Sequence[Frame]
    language: str
    made_at: float
    answers: dict[int | None, Answer] = field(default_factory=dict)

    def answer(self, since: int | None) -> Answer:
        """All after fact number ``since``; None: from now on. What is too far off is a reset."""
        reached = since if since is None or self.reaches(since) else -1
        if reached not in self.answers:
            body = ",".join(frame.text for frame in self._frames(reached))
            tag = sha256(body.encode()).hexdigest()[:20]
            self.answers[reached] = Answer(f'{{"messages":[{body}]}}', f'"{tag}"')
        return self.answers[reached]

    def reaches(self, since: int) -> bool:
        return self.head - len(self.facts) <= since <= self.head

    def _frames(self, since: int | None) -> list[Frame]:
        if since == -1:
            return [envelope.reset(self.name, self.head), *self.gauges]
        after = self.head if since is None else since
        told = [f.get(self.language) or f[""] for n, f in self.facts if n > after]
        return [*told, *self.gauges, envelope.mark(self.name, self.head)]


class Snapshots:
    """``of`` may be called from any thread; those who ask for the same wait for one of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[Topic, str], Snapshot] = {}
        self._locks = [Lock() for _ in range(16)]

    def of(
        self, topic: Topic, language: str, since: int | None, may_follow: Callable[[], bool]
    ) -> Snapshot | None:
        """The topic as it stood a second ago or later; None if the asker may not know of it.

        ``may_follow`` is asked only about what is not public. Whoever holds more facts than we
        know of has them read again at once, if that was not just done.
        """
        key = topic, language
        with self._locks[hash(key) % len(self._locks)]:
            kept = self._kept.get(key)
            if kept is not None and self._is_fresh(kept, since):
                return kept if kept.public or may_follow() else None
            public = truth.is_public(topic)
            if not (public or may_follow()):
                return None
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = made = _read(topic, language, self._clock())
            return made

    def _is_fresh(self, kept: Snapshot, since: int | None) -> bool:
        ahead = since is not None and since > kept.head
        return self._clock() - kept.made_at <= (BRIEFLY_S if ahead else KEPT_S)


def _read(topic: Topic, language: str, now: float) -> Snapshot:
    name, page = str(topic), KINDS[topic.kind].page
    survey = truth.survey([topic])[name]
    languages = [language] if language else []
    facts = truth.facts(topic, max(0, survey.head - page), page, languages)
    return Snapshot(
        name=name,
        public=survey.public,
        head=facts[-1][0] if facts else survey.head,
        facts=facts,
        gauges=[envelope.gauge(name, g, r.version, r.data) for g, r in survey.gauges.items()],
        language=language,
        made_at=now,
    )
