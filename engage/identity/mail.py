"""Mails to one person: notices about their account, and news that they may switch off.

They go to the confirmed address only, after the transaction. Deliberately absent: a queue, pictures
that tell whether a mail was read, and any log of who got what.
"""

import logging
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.identity.models import OptOut, User
from engage.web.town import present_town

log = logging.getLogger("engage.mail")

ACCOUNT = "account"
"""What concerns the account itself cannot be switched off: you must hear of it."""
TOPICS = {
    "polls": gettext_lazy("A poll was announced, and you are on its roll"),
    "forum": gettext_lazy("New posts in threads that you follow, or that speak to you"),
}
"""What may be switched off, as ``/you/mail/`` names it."""
_signer = Signer(salt="engage.identity.mail")


def send_notice(person: User, about: str, subject: str, body: str, html: str = "") -> bool:
    """Send ``body`` after commit to ``person``; whether they have an address and want it.

    ``about``: ``ACCOUNT`` or one of ``TOPICS``; the latter ends with a way to switch them off, for
    the person and for their mail program (RFC 8058). Texts come in the reader's language; ``html``,
    if there is any, says the same with its own way to end them. A mail server that is away stops
    nobody: the notice is lost, and the log says that one was.
    """
    address = confirmed_address(person)
    if not address or not wants_mail(person, about):
        return False
    message = _message(address, subject, _signed(body))
    if html:
        message.attach_alternative(html, "text/html")
    if about != ACCOUNT:
        _offer_to_stop(message, unsubscribe_address(person, about))
    transaction.on_commit(partial(deliver, message))
    return True


def notice_to(person: User, subject: str, body: str) -> EmailMultiAlternatives | None:
    """A notice that cannot be switched off, unsent, for who must know that it left; None: nowhere.

    Whoever sends it bears what goes wrong: ``deliver`` would only log it.
    """
    address = confirmed_address(person)
    return _message(address, subject, _signed(body)) if address else None


def wants_mail(person: User, about: str) -> bool:
    """Whether mails ``about`` this go to ``person``. Raises ValueError for what is no topic."""
    if about == ACCOUNT:
        return True
    if about not in TOPICS:
        raise ValueError(f"no mails are about {about!r}")
    return not OptOut.objects.filter(person=person, about=about).exists()


def confirmed_address(person: User) -> str | None:
    """Where mails to ``person`` go: their confirmed address, the one in use first."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return confirmed.values_list("email", flat=True).first()


def farewell(address: str) -> EmailMessage:
    """The last mail, made while the address is still known; sent when it is known no more."""
    body = _(
        "Your account was erased. We no longer have your name or your address; votes you cast stay "
        "counted without a name. As long as a vote in which you collected a pass is open, a code "
        "that cannot be turned back keeps a second one from being given out. This is our last mail."
    )
    return _message(address, _("Your account was erased"), _signed(body))


def deliver(message: EmailMessage) -> None:
    """Send it. What goes wrong is logged without the address, which errors of servers repeat."""
    try:
        message.send()
    except Exception as error:
        log.warning("a mail could not be sent: %s", type(error).__name__)


def unsubscribe_address(person: User, about: str) -> str:
    """A link of this person and topic only; it works without signing in, until they are erased."""
    key = urlsafe_b64encode(person.pk.bytes).decode().rstrip("=")
    return settings.SITE_ORIGIN + reverse("mail-stop", args=[_signer.sign(f"{key}.{about}")])


def read_unsubscribe(token: str) -> tuple[User, str] | None:
    """Whose link it is and about what; None for one that we did not make or of somebody gone."""
    try:
        key, _dot, about = _signer.unsign(token).partition(".")
        person = User.objects.filter(pk=uuid.UUID(bytes=urlsafe_b64decode(f"{key}=="))).first()
    except (BadSignature, ValueError):
        return None
    return (person, about) if person and about in TOPICS else None


def _message(address: str, subject: str, body: str) -> EmailMultiAlternatives:
    line = " ".join(f"{subject} – {present_town().name}".split())
    return EmailMultiAlternatives(line, body, to=[address])


def _signed(body: str) -> str:
    return f"{body}\n\n{present_town().office}\n{settings.SITE_ORIGIN}/"


def _offer_to_stop(message: EmailMessage, address: str) -> None:
    words = _("You do not want such mails? One press here ends them, without signing in:")
    message.body = f"{message.body}\n\n{words}\n{address}"
    message.extra_headers["List-Unsubscribe"] = f"<{address}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
