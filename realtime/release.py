"""Which release a page is of, and whether it still fits the server that it talks to.

Told by the scripts that a followed page runs. Deliberately absent: templates, style and the booth's
frame, and a number that people see, or keep up by hand.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders

from engage.domain.errors import DomainError
from realtime.domain.envelope import VERSION

SCRIPTS = (
    "engage/desk.js",
    "engage/live.js",
    "engage/mentions.js",
    "engage/parts.js",
    "engage/pictures.js",
    "engage/reading.js",
    "engage/saying.js",
    "engage/topic.js",
    "engage/writing.js",
    "voting/lodging.js",
    "voting/poll.js",
    "voting/requests.js",
    "voting/store.js",
    "voting/words.js",
)


@cache
def release() -> str:
    """Eight hex digits: seven of the scripts' hash, the last the envelope's version."""
    digest = sha256()
    for name in SCRIPTS:
        digest.update(Path(str(finders.find(name))).read_bytes())
    return f"{digest.hexdigest()[:7]}{VERSION:x}"


def is_renewed(page: str) -> bool:
    """Whether a page of the release ``page`` would run other scripts if it were loaded now.

    A page that does not say (empty) is taken for one that fits.
    Raises DomainError("socket.outdated") if its envelope is not ours.
    """
    if page and page[-1] != f"{VERSION:x}":
        raise DomainError("socket.outdated", "The page is of another time.")
    return bool(page) and page != release()
