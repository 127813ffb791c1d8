"""What the people side of voting keeps and why, for the register of processing."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_FOR_EVER = _("For good: what was asked, and what came of it, stays public")
_EVERYBODY = _("Everybody, from the announcement on")
_NO_CLERK = _("You; no page shows it to anybody else")
_WHOSE = _("Whose it is: the random key of an account; without one, of a browser's session")

TABLES = (
    Table(
        "voting.poll",
        _("To ask a question and to say who may answer, until when and how it is counted"),
        _FOR_EVER,
        _EVERYBODY,
        {
            "id": _("Tells polls apart; part of the poll's address"),
            "title description": _("What is asked"),
            "method rule rule_params seats max_ranks max_approvals budget points": _(
                "How one votes and how it is counted"
            ),
            "who area level age_from age_to assisted": _("Who may vote, and whether with help"),
            "opens_at closes_at collect_from closing_since state": _("When, and how far it is"),
            "batch_min batch_every_s batch_max_delay_s": _("How often ballots go into the log"),
            "key_bits manifest": _("What everybody needs to check the count"),
            "told_to": _("How far everybody on the roll was told by mail of the announcement"),
            "groups": _("How many took part by what was known of them, as last shown"),
            "organiser": _("Who answers for the poll; seen only in the office"),
        },
    ),
    Table(
        "voting.option",
        _("To say what can be chosen"),
        _FOR_EVER,
        _EVERYBODY,
        {"id poll key title description cost position": _("One thing that can be chosen")},
        Basis.NOBODY,
    ),
    Table(
        "voting.issuerkey",
        _("To sign voting passes without seeing what they will vote"),
        _("Until the poll's record is published"),
        _("Nobody; only the server reads it"),
        {"poll pem": _("The poll's private key")},
        Basis.NOBODY,
    ),
    Table(
        "voting.rollentry",
        _("To fix who may vote on the day of the announcement"),
        _("With the poll; erasing your account leaves a row that nobody can link to you"),
        _NO_CLERK,
        {
            "poll": _("Which poll"),
            "resident": _WHOSE,
            "salt commitment": _("Proof to you that you were on the roll, readable by nobody else"),
        },
    ),
    Table(
        "voting.pass",
        _("To give everybody one voting pass and no more"),
        _("With the poll; erasing your account leaves a row that nobody can link to you"),
        _NO_CLERK,
        {
            "poll": _("Which poll"),
            "resident": _WHOSE,
            "blinded_sha256": _("So that asking again gives the same pass, not a second one"),
            "level channel": _(
                "How much was known of you, and whether a clerk helped, to say so in the result"
            ),
        },
    ),
    Table(
        "voting.spent",
        _("To give nobody a second pass who erases their account or a proof and comes back"),
        _("Until the poll's record is published"),
        _("Nobody; only the server reads it"),
        {
            "poll": _("Which poll"),
            "digest": _("A code made of what proved the person; it cannot be turned back"),
        },
    ),
    Table(
        "voting.underway",
        _("To finish casting a ballot with a clerk's help after a power cut, once and not twice"),
        _("Until the ballot is in the box, mostly within a second"),
        _("Nobody; only the server reads it"),
        {
            "poll": _("Which poll"),
            "resident": _WHOSE,
            "nonce": _("Half of what the ballot's key is made from; the other half is never kept"),
        },
    ),
)
