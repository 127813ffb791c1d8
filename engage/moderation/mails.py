"""Mails to authors: the statement of a decision on their text, and the answer to an appeal.

Plain text, in the town's language, to the confirmed address. They cannot be switched off: each is
about a decision on a text of the reader's own, and says so. Deliberately absent: who decided.
"""

import unicodedata
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.identity.mail import notice_to
from engage.moderation import writings
from engage.moderation.domain.verbs import APPEALABLE
from engage.moderation.models import Appeal, Decision, Item
from engage.moderation.pages.wording import to_the_author
from engage.moderation.selectors.yours import shown_texts

TURNS_LINES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
LONGEST_TITLE = 120


def statement_mail(decision: Decision) -> EmailMessage | None:
    """What was decided on a text, to its author; None if there is nobody to write to."""
    author = decision.item.author
    if author is None or not author.is_active:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        headline = to_the_author(decision.verb)
        parts = [f"{headline}.", _about(decision.item), *_grounds(decision)]
        parts.append(_calm(decision.statement))
        if decision.verb in APPEALABLE:
            parts.append(
                _("You think that this is wrong? Say so here, and another moderator looks again:")
            )
        else:
            parts.append(_("All decisions on your texts are here:"))
        return notice_to(author, headline, _whole(parts, decision))


def answer_mail(appeal: Appeal) -> EmailMessage | None:
    """What came of an appeal, to who made it; None if there is nobody to write to."""
    author = appeal.decision.item.author
    if author is None or not author.is_active:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        taken_back = appeal.outcome == Appeal.Outcome.OVERTURNED
        headline = (
            _("Your appeal: the decision was taken back")
            if taken_back
            else _("Your appeal: the decision stands")
        )
        intro = _("Another moderator than the first has looked at it again.")
        parts = [f"{headline}. {intro}", _about(appeal.decision.item), _calm(appeal.answer)]
        parts.append(_("The decision, your appeal and the answer are here:"))
        return notice_to(author, headline, _whole(parts, appeal.decision))


def _whole(parts: list[str], decision: Decision) -> str:
    """The parts, the last with the way to the page, and why the reader gets this."""
    address = settings.SITE_ORIGIN + reverse("your-decision", args=[decision.pk])
    why = _("You get this mail because it is about a text of yours. It cannot be switched off.")
    return "\n\n".join([*(part for part in parts[:-1] if part), f"{parts[-1]}\n{address}", why])


def _about(item: Item) -> str:
    shown = shown_texts([item]).get((item.kind, item.key))
    kind = writings.kinds().get(item.kind)
    name = _one_line(shown.title) if shown else (str(kind.label) if kind else "")
    day = date_format(timezone.localtime(item.written_at), _("j F Y"))
    return _("It is about “%(text)s”, written on %(day)s.") % {"text": name, "day": day}


def _grounds(decision: Decision) -> list[str]:
    """Reason, rule, and until when or where to, each on a line; nothing that there is not."""
    sanction = getattr(decision, "sanction", None)
    lines = [
        (_("Reason"), decision.why),
        (_("Rule of the house"), decision.rule),
        (_("Until"), _moment(sanction.until) if sanction and sanction.until else ""),
        (_("Where to"), decision.detail if decision.verb == Decision.Verb.MOVE else ""),
    ]
    told = [f"{name}: {_one_line(value)}" for name, value in lines if value]
    return ["\n".join(told)] if told else []


def _moment(when: datetime) -> str:
    return date_format(timezone.localtime(when), _("l j F Y, H:i"))


def _one_line(text: str) -> str:
    """A title as one line that cannot turn the words around it, nor be a line of its own."""
    return " ".join(_calm(text).split())[:LONGEST_TITLE]


def _calm(text: str) -> str:
    """Words without control signs and without those that turn the direction of what follows."""
    kept = (
        char
        for char in text.replace("\r\n", "\n")
        if char == "\n"
        or (
            unicodedata.category(char) not in ("Cc", "Cs")
            and unicodedata.bidirectional(char) not in TURNS_LINES
        )
    )
    return "".join(kept)
