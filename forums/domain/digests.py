"""When somebody hears of a new post, and how what they hear is put together.

Deliberately absent: the clock, and whether somebody may read what they would hear of; that is
asked at the moment of sending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

MORNING = time(7)
MONDAY = 0
GATHERED = timedelta(seconds=30)
"""What comes within half a minute of the first post is in the same mail."""


class Pace(StrEnum):
    """How often somebody wants to hear; the same words as ``Follow.Pace``."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    SILENT = "silent"


class Why(StrEnum):
    """What somebody has to do with a post, the nearest first; the same words as ``Notice.Why``."""

    MENTIONED = "mentioned"
    ANSWERED = "answered"
    OFFICIAL = "official"
    FOLLOWED = "followed"


def due(pace: str, now: datetime, zone: tzinfo) -> datetime | None:
    """When somebody of this pace is told of a post shown ``now``; None is never.

    Days and weeks end at seven in the morning of the town's ``zone``, weeks on Monday. Always after
    ``now``, whatever the clocks there do.

    >>> from datetime import UTC
    >>> due("weekly", datetime(2026, 6, 8, 7, tzinfo=UTC), UTC).isoformat()
    '2026-06-15T07:00:00+00:00'
    """
    if pace == Pace.NOW:
        return now + GATHERED
    if pace == Pace.DAILY:
        return _morning(now, 1, zone)
    return _morning(now, 7, zone) if pace == Pace.WEEKLY else None


def _morning(now: datetime, days: int, zone: tzinfo) -> datetime:
    """The next seven o'clock; of every seventh day only if ``days`` is 7."""
    today = now.astimezone(zone).date()
    for ahead in range(days + 1):
        day = today + timedelta(days=ahead)
        found = datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
        if found > now and (days == 1 or day.weekday() == MONDAY):
            return found
    raise AssertionError("a week has a Monday, and a day a morning")


def reasons(
    author: object, *, mentioned: Iterable[object] = (), answered: Iterable[object] = (),
    official: Iterable[object] = (), followed: Iterable[object] = (),
) -> Mapping[object, Why]:  # fmt: skip
    """Why each person hears of a post by ``author``: once, for what concerns them most.

    >>> reasons("ann", mentioned=["bob"], followed=["ann", "bob", "cem"])
    {'bob': <Why.MENTIONED: 'mentioned'>, 'cem': <Why.FOLLOWED: 'followed'>}
    """
    found: dict[object, Why] = {}
    people = (mentioned, answered, official, followed)
    for why, those in zip(Why, people, strict=True):
        for person in those:
            if person is not None and person != author:
                found.setdefault(person, why)
    return found


@dataclass(frozen=True, slots=True)
class News:
    """One post that somebody is told of: the keys of its thread and itself, and its number."""

    thread: int
    post: int
    number: int
    why: str


def grouped(news: Iterable[News]) -> list[list[News]]:
    """News by thread, the thread first that was heard of first; each post once, as it was numbered.

    >>> grouped([News(2, 9, 4, "a"), News(1, 5, 1, "a"), News(2, 8, 3, "a"), News(2, 9, 4, "b")])
    [[News(thread=2, post=8, number=3, why='a'), News(thread=2, post=9, number=4, why='a')], \
[News(thread=1, post=5, number=1, why='a')]]
    """
    threads: dict[int, dict[int, News]] = {}
    for each in news:
        threads.setdefault(each.thread, {}).setdefault(each.post, each)
    return [sorted(posts.values(), key=lambda each: each.number) for posts in threads.values()]
