"""What people are told by mail about their account: each a subject, a few sentences, a way on.

In the town's language where somebody else caused it, in the person's own where they did.
Deliberately absent: anything that only the page should know, such as what was voted.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from engage.identity.mail import ACCOUNT, send_notice
from engage.identity.models import RoleGrant, User


def role_changed(grant: RoleGrant) -> None:
    """A role was given to its holder, or taken back."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"role": grant.get_role_display(), "area": grant.area or _("the whole town")}
        if grant.until is None:
            subject, body = _("A role was given to you"), _("You are now: %(role)s, %(area)s.")
        else:
            subject, body = _("A role of yours ended"), _("You are no longer: %(role)s, %(area)s.")
        send_notice(grant.person, ACCOUNT, subject, f"{body % words}\n\n{_who_saw()}")


def letter_asked(person: User) -> None:
    """Somebody who is signed in as ``person`` asked for a letter with a code."""
    body = _(
        "You asked for a letter with a code that confirms your address. We print it within a "
        "working day. If that was not you, sign in and give the letter up."
    )
    send_notice(person, ACCOUNT, _("A letter is on its way"), f"{body}\n{_page('place')}")


def clerk_acted(person: User, about: str) -> None:
    """A clerk acts for ``person`` in the poll titled ``about``; never what was chosen."""
    with translation.override(settings.LANGUAGE_CODE):
        body = _(
            "A clerk votes for you in “%(poll)s”, because somebody asked for it in your name. If "
            "that was not you, tell the office today: until the vote closes it can be looked into."
        ) % {"poll": about}
        send_notice(person, ACCOUNT, _("A clerk acts for you"), f"{body}\n\n{_who_saw()}")


def poll_announced(person: User, title: str, address: str) -> None:
    """A poll was announced, and ``person`` is on its roll. They may have switched such mails off.

    ``address`` is the poll's path on this site.
    """
    with translation.override(settings.LANGUAGE_CODE):
        body = _(
            "A poll was announced, and you may vote in it: “%(poll)s”. Collect your voting pass "
            "early: the longer before you vote, the less it says about your ballot."
        ) % {"poll": title}
        whole = f"{body}\n{settings.SITE_ORIGIN}{address}"
        send_notice(person, "polls", _("A poll that you may vote in"), whole)


def _who_saw() -> str:
    words = _("Your page says which office did it, on which day and why:")
    return f"{words}\n{_page('you-data')}"


def _page(name: str) -> str:
    return settings.SITE_ORIGIN + reverse(name)
