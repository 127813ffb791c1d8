"""What was done to a text, as it is said afterwards, and as it is said to its author.

Deliberately absent: what the buttons say; those are the choices of the models.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engage.moderation.domain.standing import Standing
from engage.moderation.models import Decision, Word

Verb = Decision.Verb
DONE: dict[str, Promise] = {
    Verb.APPROVE: _("Looked at and shown"),
    Verb.HIDE: _("Hidden"),
    Verb.REMOVE: _("Removed"),
    Verb.RETURN: _("Returned to be changed"),
    Verb.RESTORE: _("Shown again"),
    Verb.MOVE: _("Moved"),
    Verb.LOCK: _("Locked"),
    Verb.UNLOCK: _("Unlocked"),
    Verb.SILENCE: _("The author was silenced for a time"),
    Verb.BAN: _("The author was barred"),
    Verb.LIFT: _("The author may write again"),
}
TO_THE_AUTHOR: dict[str, Promise] = {
    Verb.APPROVE: _("Your text was looked at and is shown"),
    Verb.HIDE: _("Your text was hidden"),
    Verb.REMOVE: _("Your text was removed"),
    Verb.RETURN: _("Please change your text"),
    Verb.RESTORE: _("Your text is shown again"),
    Verb.MOVE: _("Your text was moved"),
    Verb.LOCK: _("What you wrote was locked"),
    Verb.UNLOCK: _("What you wrote was unlocked"),
    Verb.SILENCE: _("You may not write for a time"),
    Verb.BAN: _("You may not write here any more"),
    Verb.LIFT: _("You may write again"),
}
WOULD_HAPPEN: dict[str, Promise] = {
    Word.Action.BLOCK: _("It would not be taken; its author would be told which word it was."),
    Word.Action.HOLD: _("It would wait for a moderator before anybody sees it."),
    Word.Action.FLAG: _("It would be shown, and moderators would be pointed to it."),
    Word.Action.REPLACE: _("It would be shown with words replaced."),
    "": _("Nothing: none of the words is in it."),
}


def would_happen(action: str) -> str:
    """What the list of words would do to a text; the gravest of it."""
    return str(WOULD_HAPPEN[action])


def done(verb: str, after: str = Standing.SHOWN) -> str:
    """As the public log and the figures say it; ``after`` is how the text stands since then."""
    if verb == Verb.RESTORE and after != Standing.SHOWN:
        return gettext("Taken back; what was decided before stands")
    return str(DONE.get(verb, verb))


def to_the_author(verb: str) -> str:
    """As the author's pages and mails say it."""
    return str(TO_THE_AUTHOR.get(verb, verb))
