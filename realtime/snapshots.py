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
from engage.journal.listeners import Fact
from realtime import truth
from realtime.domain import envelope
from realtime.domain.envelope import Frame
from realtime.rendering import framed, html_after
from realtime.topics import KINDS

KEPT_S = 1.0
BRIEFLY_S = 0.2
MOST_KEPT = 500
MOST_ANSWERS = 8
"""Kept of one topic: pages stand at the end of it or a little behind; others pay for themselves."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: the very envelopes of the socket, a tag that changes with them, for whom."""

    body: str
    etag: str
    public: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One topic in one language (empty: without html). ``facts`` are its newest, in order."""

    topic: Topic
    language: str
    public: bool
    head: int
    facts: Sequence[Fact]
    gauges: Sequence[Frame]
    made_at: float
    answers: dict[int | None, Answer] = field(default_factory=dict)

    def answer(self, since: int | None) -> Answer:
        """All after fact number ``since``; None: from now on. What is too far off is a reset."""
        reached = since if since is None or self._reaches(since) else -1
        answer = self.answers.get(reached) or self._made(reached)
        if len(self.answers) < MOST_ANSWERS:
            self.answers[reached] = answer
        return answer

    def _made(self, reached: int | None) -> Answer:
        text = ",".join(frame.text for frame in self._frames(reached))
        tag = sha256(text.encode()).hexdigest()[:20]
        return Answer(f'{{"messages":[{text}]}}', f'"{tag}"', self.public)

    def _reaches(self, since: int) -> bool:
        return self.head - len(self.facts) <= since <= self.head

    def _frames(self, since: int | None) -> list[Frame]:
        name = str(self.topic)
        if since == -1:
            return [envelope.reset(name, self.head), *self.gauges]
        after = self.head if since is None else since
        told = self._told([fact for fact in self.facts if fact.sequence > after])
        return [*told, *self.gauges, envelope.mark(name, self.head)]

    def _told(self, facts: Sequence[Fact]) -> list[Frame]:
        html = html_after(self.topic, facts, [self.language] if self.language else [])
        return [frames.get(self.language) or frames[""] for _, frames in framed(facts, html)]


class Snapshots:
    """``answer`` may be called from any thread; those who ask the same wait for one of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[Topic, str], Snapshot] = {}
        self._locks = [Lock() for _ in range(16)]

    def answer(
        self, topic: Topic, language: str, since: int | None, may_follow: Callable[[], bool]
    ) -> Answer | None:
        """The topic as it stood a second ago or later; None if the asker may not know of it.

        ``may_follow`` is asked only about what is not public. Whoever holds more facts than we
        know of has them read again at once, if that was not just done.
        """
        key = topic, language
        with self._locks[hash(key) % len(self._locks)]:
            kept = self._kept.get(key)
            fresh = kept is not None and self._is_fresh(kept, since)
            public = kept.public if kept is not None and fresh else truth.is_public(topic)
            if not (public or may_follow()):
                return None
            if kept is None or not fresh:
                kept = self._keep(key)
            return kept.answer(since)

    def _is_fresh(self, kept: Snapshot, since: int | None) -> bool:
        ahead = since is not None and since > kept.head
        return self._clock() - kept.made_at <= (BRIEFLY_S if ahead else KEPT_S)

    def _keep(self, key: tuple[Topic, str]) -> Snapshot:
        now = self._clock()
        for other, kept in list(self._kept.items()):
            if now - kept.made_at > KEPT_S or len(self._kept) >= MOST_KEPT:
                self._kept.pop(other, None)
        self._kept[key] = made = _read(*key, now)
        return made


def _read(topic: Topic, language: str, now: float) -> Snapshot:
    name, page = str(topic), KINDS[topic.kind].page
    survey = truth.survey([topic])[name]
    facts = truth.facts(topic, max(0, survey.head - page), page)
    return Snapshot(
        topic=topic,
        language=language,
        public=survey.public,
        head=facts[-1].sequence if facts else survey.head,
        facts=facts,
        gauges=[envelope.gauge(name, g, r.version, r.data) for g, r in survey.gauges.items()],
        made_at=now,
    )
