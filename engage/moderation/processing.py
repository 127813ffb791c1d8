"""What moderation keeps and why, for the register of processing."""

from django.utils.translation import gettext_lazy as _

from engage.domain.processing import Basis, Table

_ACCOUNT = _("Until you erase your account")
_TEXT = _("With the text")
_FOR_EVER = _("For good, so that it can be said what was decided; erasing your account unlinks it")
_MODERATORS = _("You, and the moderators of the area")
_MODERATORS_ALONE = _("The moderators of the area")
_NUMBER = _("Tells rows apart")
_WHOSE = _("Whose it is; nobody's after the account was erased")
_WEEK = _("7 days")

_TEXTS = (
    Table(
        "moderation.item",
        _("To show moderators what waits for them, and to say how a text stands"),
        _FOR_EVER,
        _MODERATORS,
        {
            "id kind key": _("Which text it is"),
            "area": _("Whose moderators look at it"),
            "author": _WHOSE,
            "standing": _("Whether it is shown, and to whom"),
            "written_at queued_at decided_at": _("Since when it waits, so that none is forgotten"),
            "claimed_by claimed_at": _("Which moderator looks at it, so that no other does, too"),
            "fold": _("To notice the same text several times; a code that cannot be turned back"),
            "network": _("To notice many accounts of one network; a code, another one each day"),
            "links pictures mentions": _("How many it has, to keep to the limits of an hour"),
        },
        earlier={"network": _WEEK},
    ),
    Table(
        "moderation.signal",
        _("To tell moderators, and you, what was noticed about a text"),
        _TEXT,
        _MODERATORS,
        {
            "id": _NUMBER,
            "item": _("Which text"),
            "name detail at": _("What was noticed, and when"),
        },
    ),
    Table(
        "moderation.flag",
        _("To hear of texts that break the rules, and whose objections are right"),
        _ACCOUNT,
        _MODERATORS,
        {
            "id": _NUMBER,
            "item": _("Against which text"),
            "by": _("Who objects; its author is never told"),
            "why words at": _("What the reader says, and when"),
            "upheld": _("What moderators made of it"),
        },
    ),
)
_DECISIONS = (
    Table(
        "moderation.decision",
        _("To decide on texts with reasons, to tell the author, and to take mistakes back"),
        _FOR_EVER,
        _("You, the moderators of the area; without names and words everybody"),
        {
            "id item": _("Which decision on which text"),
            "verb reason why rule before after": _("What was decided, and why"),
            "statement detail": _("What you were told, where to, until when"),
            "by": _("Which moderator decided; no page for residents says it"),
            "at waited_since": _("When, and whether in the promised time"),
            "together": _("What was decided at once"),
            "told_at": _("So that you are told once"),
        },
        earlier={"statement": _ACCOUNT},
    ),
    Table(
        "moderation.appeal",
        _("To let another moderator look at a decision again"),
        _FOR_EVER,
        _MODERATORS,
        {
            "id decision": _("Against which decision"),
            "words": _("What you say; emptied when you erase your account"),
            "at outcome answered_at": _("When, and what came of it"),
            "answer": _("What you were told; emptied when you erase your account"),
            "by": _("Which moderator answered; no page for residents says it"),
            "told_at": _("So that you are told once"),
        },
        earlier={"words": _ACCOUNT, "answer": _ACCOUNT},
    ),
    Table(
        "moderation.remark",
        _("To let moderators tell each other what they know of a text"),
        _("Until its author erases their account"),
        _MODERATORS_ALONE,
        {
            "id item": _("Which note on which text"),
            "by": _("Which moderator wrote it"),
            "text at": _("What it says, and since when"),
        },
    ),
    Table(
        "moderation.sanction",
        _("To keep somebody from writing for a time"),
        _ACCOUNT,
        _MODERATORS,
        {
            "id": _NUMBER,
            "person": _("Who may not write"),
            "kind area": _("How, and where"),
            "since until lifted_at": _("From when to when"),
            "decision": _("Why; with the words to the author"),
        },
    ),
)
_LISTS = (
    Table(
        "moderation.reason",
        _("To decide for the same reasons everywhere"),
        _("While the town keeps it; one that was used stays, out of use"),
        _("Everybody"),
        {
            "id code language": _("Which reason in which language"),
            "title rule statement": _("What it says"),
            "in_use position": _("Whether and where it is in the list"),
        },
        Basis.NOBODY,
    ),
    Table(
        "moderation.word",
        _("To look out for words that the town does not want, or wants to look at"),
        _("Until a moderator takes it off the list"),
        _("Moderators and administrators of the whole town"),
        {
            "id": _NUMBER,
            "word language": _("Which word in which language"),
            "action replacement": _("What happens to a text with it"),
            "by at": _("Who added it, and when"),
        },
    ),
    Table(
        "moderation.promise",
        _("To say how long a decision takes, and to measure it"),
        _("Until it is changed"),
        _("Everybody"),
        {"id hours": _("Within how many hours")},
        Basis.NOBODY,
    ),
)
TABLES = (*_TEXTS, *_DECISIONS, *_LISTS)
