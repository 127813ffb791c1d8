"""Why the server ended a socket: numbers for programs, sentences for the page.

Codes from 4000 are an application's own (RFC 6455 section 7.4.2); 1012 and 1013 are in IANA's
registry of close codes, and their reason is a number: come back spread over so many seconds. The
page carries the sentences, in its language, and shows the one that fits.
"""

from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(IntEnum):
    """The socket's last word."""

    RESTARTING = 1012
    FULL = 1013
    MALFORMED = 4400
    SIGNED_OUT = 4401
    NOT_YOURS = 4403
    TOO_SLOW = 4408
    TOO_LONG = 4413
    OUTDATED = 4426
    TOO_MANY = 4429


FOR_GOOD = frozenset(
    {Code.MALFORMED, Code.SIGNED_OUT, Code.NOT_YOURS, Code.TOO_LONG, Code.OUTDATED}
)
"""After these a page does not come back by itself; after the others it does, after a pause."""

SENTENCES: dict[Code, str | Promise] = {
    Code.RESTARTING: _(
        "The server is restarting or very busy. Live updates come back by themselves."
    ),
    Code.FULL: _(
        "Too many pages are open from your browser or network. Live updates come back by "
        "themselves when there is room."
    ),
    Code.MALFORMED: _("This page and the server no longer understand each other. Load it again."),
    Code.SIGNED_OUT: _("You are no longer signed in as you were when this page was loaded."),
    Code.NOT_YOURS: _("You can no longer follow this page live. Load it again to see why."),
    Code.TOO_SLOW: _(
        "Your connection was too slow for live updates. They come back by themselves."
    ),
    Code.TOO_LONG: _("This page and the server no longer understand each other. Load it again."),
    Code.OUTDATED: _("This page is from before an update of the server. Load it again to go on."),
    Code.TOO_MANY: _("This page asked too often. Live updates come back by themselves."),
}

OF_REFUSAL = {
    "socket.malformed": Code.MALFORMED,
    "socket.too-long": Code.TOO_LONG,
    "socket.too-many": Code.TOO_MANY,
    "socket.signed-out": Code.SIGNED_OUT,
    "socket.not-yours": Code.NOT_YOURS,
    "socket.outdated": Code.OUTDATED,
    "socket.full": Code.FULL,
}

REASONS = {Code.FULL: "30", Code.RESTARTING: "10"}
"""Seconds after which, or over which, to come back, where nobody knows better."""
