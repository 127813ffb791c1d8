"""The protocol's times: whole minutes in UTC, written ``YYYY-MM-DDTHH:MMZ``.

No clock here: the moment is always an argument.
"""

import re
from datetime import UTC, datetime, timedelta

from voting.domain.refusal import Refusal

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")


def minute(moment: datetime) -> str:
    """The minute that the aware ``moment`` lies in.

    >>> minute(datetime(2026, 11, 2, 8, 3, 59, tzinfo=UTC))
    '2026-11-02T08:03Z'
    """
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone")
    # Not strftime("%Y"): it writes years before 1000 with fewer than four digits on Linux.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") + "Z"


def parse_minute(text: object) -> datetime:
    """The moment, in UTC, at which the written minute begins. Raises ``Refusal("fields")``."""
    if isinstance(text, str) and _FORM.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        # Newer Pythons read 24:00 as the next day, which would give one minute two names.
        if moment and minute(moment) == text:
            return moment
    raise Refusal("fields", "A time is not of the form YYYY-MM-DDTHH:MMZ.")


def round_up_minute(moment: datetime) -> datetime:
    """The first whole minute that is not before ``moment``."""
    down = moment.replace(second=0, microsecond=0)
    return down if down == moment else down + timedelta(minutes=1)
