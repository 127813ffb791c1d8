"""Mails to authors: the statement of a decision on their text, and the answer to an appeal.

In the town's language, to the confirmed address, as text and as html that says the same. They
cannot be switched off: each is about a text of the reader's own, and says so. Deliberately absent:
who decided, and pictures that tell whether a mail was read.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.identity.mail import notice_to
from engage.identity.models import User
from engage.moderation import writings
from engage.moderation.domain.verbs import APPEALABLE
from engage.moderation.models import Appeal, Decision, Item
from engage.moderation.pages.wording import to_the_author
from engage.moderation.selectors.yours import shown_texts
from engage.web.town import present_town

TURNS_LINES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says; nothing in it can break a line of the mail or turn the words around it."""

    headline: str
    intro: str
    about: str
    grounds: tuple[tuple[str, str], ...]
    words: str
    way: str
    address: str
    why: str

    @property
    def text(self) -> str:
        grounds = "\n".join(f"{name}: {value}" for name, value in self.grounds)
        headline = f"{self.headline}. {self.intro}".strip()
        parts = [headline, self.about, grounds, self.words, f"{self.way}\n{self.address}", self.why]
        return "\n\n".join(part for part in parts if part)


def statement_mail(decision: Decision) -> EmailMultiAlternatives | None:
    """What was decided on a text, to its author; None if there is nobody to write to."""
    with translation.override(settings.LANGUAGE_CODE):
        if decision.verb in APPEALABLE:
            way = _("You think that this is wrong? Say so here, and another moderator looks again:")
        else:
            way = _("You read it here, too:")
        return _mail(
            decision, to_the_author(decision.verb), "", _grounds(decision), decision.statement, way
        )


def answer_mail(appeal: Appeal) -> EmailMultiAlternatives | None:
    """What came of an appeal, to who made it; None if there is nobody to write to."""
    with translation.override(settings.LANGUAGE_CODE):
        if appeal.outcome == Appeal.Outcome.OVERTURNED:
            headline = _("Your appeal: the decision was taken back")
        else:
            headline = _("Your appeal: the decision stands")
        intro = _("Another moderator than the first has looked at it again.")
        way = _("The decision, your appeal and the answer are here:")
        return _mail(appeal.decision, headline, intro, (), appeal.answer, way)


def _mail(
    decision: Decision, headline: str, intro: str, grounds: tuple, words: str, way: str
) -> EmailMultiAlternatives | None:
    author: User | None = decision.item.author
    if author is None or not author.is_active:
        return None
    address = settings.SITE_ORIGIN + reverse("your-decision", args=[decision.pk])
    why = _("You get this mail because it is about a text of yours. It cannot be switched off.")
    about = _about(decision.item)
    letter = Letter(headline, intro, about, grounds, _calm(words).strip(), way, address, why)
    message = notice_to(author, headline, letter.text)
    if message:
        message.attach_alternative(_html(letter), "text/html")
    return message


def _html(letter: Letter) -> str:
    shell = {"office": present_town().office, "origin": settings.SITE_ORIGIN}
    context = {"letter": letter, "language": settings.LANGUAGE_CODE, **shell}
    return render_to_string("desk/mail.html", context)


def _about(item: Item) -> str:
    shown = shown_texts([item]).get((item.kind, item.key))
    kind = writings.kinds().get(item.kind)
    name = _one_line(shown.title) if shown else (str(kind.label) if kind else item.kind)
    day = date_format(timezone.localtime(item.written_at), _("j F Y"))
    return _("It is about “%(text)s”, written on %(day)s.") % {"text": name, "day": day}


def _grounds(decision: Decision) -> tuple[tuple[str, str], ...]:
    """Reason, rule, and until when or where to; nothing that there is not."""
    sanction = getattr(decision, "sanction", None)
    told = [
        (_("Reason"), decision.why),
        (_("Rule of the house"), decision.rule),
        (_("Until"), _moment(sanction.until) if sanction and sanction.until else ""),
        (_("Where to"), decision.detail if decision.verb == Decision.Verb.MOVE else ""),
    ]
    return tuple((name, _one_line(value)) for name, value in told if value)


def _moment(when: datetime) -> str:
    return date_format(timezone.localtime(when), _("l j F Y, H:i"))


def _one_line(text: str) -> str:
    """A title as one line that cannot turn the words around it, nor be a line of its own."""
    return " ".join(_calm(text).split())[:LONGEST_TITLE]


def _calm(text: str) -> str:
    """Words without control signs and without those that turn the direction of what follows."""
    return "".join(filter(_is_calm, text.replace("\r\n", "\n").replace("\r", "\n")))


def _is_calm(char: str) -> bool:
    if char == "\n":
        return True
    unseen = unicodedata.category(char) in ("Cc", "Cs")
    return not unseen and unicodedata.bidirectional(char) not in TURNS_LINES
