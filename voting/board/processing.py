"""What the ballots' database keeps and why, for the register of processing.

No row of it is about anybody who could be found: a ballot has neither name nor time.
"""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_FOR_EVER = _("For good: everybody may recount at any time")
_EVERYBODY = _("Everybody")
_WHICH = _("Which poll")

TABLES = (
    Table(
        "board.log",
        _("To keep one public log for each poll"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "poll": _WHICH,
            "manifest": _("The poll as it was announced"),
            "seed": _("The key that signs the log; only the server reads it"),
            "size opened_early accepting": _("How long the log is, and whether it takes ballots"),
        },
        Basis.NOBODY,
    ),
    Table(
        "board.intake",
        _("To keep a ballot safe until the next batch goes into the log"),
        _("Minutes: until it is in the log"),
        _("Nobody"),
        {
            "poll": _WHICH,
            "key_sha256": _("So that one pass casts one ballot"),
            "leaf leaf_hash": _("The ballot itself, signed with its pass; no name, no time"),
        },
    ),
    Table(
        "board.leaf",
        _("To let everybody recount: the public log of all ballots"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "poll index kind": _("Its place in the log"),
            "body leaf_hash": _("The ballot itself, signed with its pass; no name, no time"),
            "key_sha256 token_sha256": _("So that one pass casts one ballot"),
        },
    ),
    Table(
        "board.node",
        _("To prove that a ballot is in the log"),
        _FOR_EVER,
        _EVERYBODY,
        {"poll level index hash": _("A sum over parts of the log")},
        Basis.NOBODY,
    ),
    Table(
        "board.checkpoint",
        _("To let everybody see that the log only ever grew"),
        _FOR_EVER,
        _EVERYBODY,
        {"poll size note": _("How long the log was, signed")},
        Basis.NOBODY,
    ),
    Table(
        "board.choicecount",
        _("To show the count without reading every ballot again"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "poll": _WHICH,
            "choice_sha256 choice ballots": _("A choice, and how many ballots made it"),
        },
        Basis.NOBODY,
    ),
)
