"""What happens by itself at the desk: authors are written to.

Deliberately absent: a queue. Whom to write to follows from the rows, so that what a killed server
left is found again.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage
from django.utils import timezone

from engage.moderation.mails import answer_mail, statement_mail
from engage.moderation.models import Appeal, Decision
from engage.moderation.selectors.yours import appeals_to_tell, decisions_to_tell
from engage.moderation.services.noting import note_told

log = logging.getLogger("engage.mail")
RESTS_S = 60
REFUSED_FOR_GOOD = 500


@dataclass
class _Rest:
    """Until when no mail is tried, as the mail server was away; and until when some are not."""

    until: float = 0.0
    those: dict[tuple[type, int], float] = field(default_factory=dict)

    def resting(self, model: type) -> list[int]:
        """The keys of ``model`` that were put off and are still to wait."""
        now = time.monotonic()
        self.those = {key: until for key, until in self.those.items() if until > now}
        return [pk for kind, pk in self.those if kind is model]


_rest = _Rest()


def tell_authors() -> None:
    """One round: the statement of each decision and the answer to each appeal, to its author.

    Idempotent: a mail leaves first, and then it is noted that it did. Whoever is killed between the
    two sends that one mail again: at most one is doubled, none is lost. No lock is held meanwhile.
    A mail server that is away is left alone for a minute, and so is an address that it puts off;
    one that it refuses for good is believed, and the statement stands on the author's page.
    """
    if time.monotonic() < _rest.until:
        return
    now = timezone.now()
    _tell(decisions_to_tell(now, _rest.resting(Decision)), statement_mail)
    _tell(appeals_to_tell(now, _rest.resting(Appeal)), answer_mail)


def _tell(
    rows: Iterable[Decision | Appeal], mail_about: Callable[..., EmailMessage | None]
) -> None:
    for about in rows:
        if time.monotonic() < _rest.until:
            return
        if _left(mail_about(about), about):
            note_told(about=about)


def _left(message: EmailMessage | None, about: Decision | Appeal) -> bool:
    """Whether nothing more is to be done: it was sent, or it never can be."""
    if message is None:
        return True
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
        return _is_for_good(refusal) or _later(refusal, about)
    except Exception as error:
        return _later(error)
    return True


def _is_for_good(refusal: SMTPRecipientsRefused | SMTPResponseException) -> bool:
    if isinstance(refusal, SMTPResponseException):
        return refusal.smtp_code >= REFUSED_FOR_GOOD
    return all(code >= REFUSED_FOR_GOOD for code, _words in refusal.recipients.values())


def _later(error: Exception, about: Decision | Appeal | None = None) -> bool:
    """Errors of servers repeat addresses: only what kind it was is logged."""
    log.warning("a statement could not be mailed yet: %s", type(error).__name__)
    until = time.monotonic() + RESTS_S
    if about is None:
        _rest.until = until
    else:
        _rest.those[type(about), about.pk] = until
    return False
