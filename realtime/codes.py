"""Why the server ended a socket: numbers for programs, sentences for the page.

Codes from 4000 are an application's own (RFC 6455 section 7.4.2). A browser is given the number
alone; the page carries the sentences, in its language, and shows the one that fits.
"""

from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(IntEnum):
    """The socket's last word."""

    DONE = 1000
    MALFORMED = 4400
    NOT_YOURS = 4403
    TOO_SLOW = 4408
    TOO_LONG = 4413
    TOO_MANY = 4429


FOR_GOOD = frozenset({Code.MALFORMED, Code.NOT_YOURS, Code.TOO_LONG})
"""After these a page does not come back by itself; after the others it does, after a pause."""

SENTENCES: dict[Code, str | Promise] = {
    Code.DONE: _("Live updates ended. Load the page again to go on."),
    Code.MALFORMED: _("This page and the server no longer understand each other. Load it again."),
    Code.NOT_YOURS: _("You can no longer follow this page live. Load it again to see why."),
    Code.TOO_SLOW: _(
        "Your connection was too slow for live updates. They come back by themselves."
    ),
    Code.TOO_LONG: _("This page and the server no longer understand each other. Load it again."),
    Code.TOO_MANY: _("This page asked too often. Live updates come back by themselves."),
}

OF_REFUSAL = {
    "socket.malformed": Code.MALFORMED,
    "socket.too-long": Code.TOO_LONG,
    "socket.too-many": Code.TOO_MANY,
    "socket.not-yours": Code.NOT_YOURS,
}
