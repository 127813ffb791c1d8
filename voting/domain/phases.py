"""When a poll does what: the phase follows from the state that was written and the time.

A page never shows "open" a second after closing because a worker was late. No clock here.
"""

from datetime import datetime, timedelta

COLLECTING = frozenset({"announced", "open"})
CASTING = frozenset({"open", "closing"})
BEFORE_THE_LOG = frozenset({"draft", "preparing"})
OVER = frozenset({"closed", "decided", "annulled"})


def phase(
    state: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    closing_since: datetime | None,
    max_delay_s: int,
    now: datetime,
) -> str:
    """The phase at ``now``: the written ``state``, carried on by the times that have passed.

    Only moves forward along announced, open, closing, closed; what is over stays over.

    >>> from datetime import UTC
    >>> t = lambda h: datetime(2026, 6, 1, h, tzinfo=UTC)
    >>> phase("announced", opens_at=t(8), closes_at=t(20), closing_since=None,
    ...       max_delay_s=120, now=t(9))
    'open'
    """
    if state in BEFORE_THE_LOG or state in OVER or opens_at is None or closes_at is None:
        return state
    if state == "announced" and now >= opens_at:
        state = "open"
    if state == "open" and now >= closes_at:
        state, closing_since = "closing", closes_at
    grace = timedelta(seconds=max_delay_s)
    if state == "closing" and closing_since is not None and now >= closing_since + grace:
        return "closed"
    return state
