"""What people read when the identity service did not sign them in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, what happened and what to do; ``status`` of the page that says so."""

    heading: str
    sentence: str
    status: int = 403


def words_for(kind: str, service: str) -> Words:
    """The words for a ``Trouble`` of ``kind``; what nobody foresaw reads like a refusal."""
    told = {"service": service}
    if kind == "cancelled":
        return Words(_("You are not signed in"), _(
            "You stopped at %(service)s. Nothing was passed on to us and nothing was changed. You "
            "can go there again, or sign in another way."
        ) % told)  # fmt: skip
    if kind == "stale":
        return Words(_("This sign-in is no longer good"), _(
            "It was begun more than ten minutes ago, in another browser, or it was used already. "
            "Nothing was changed. Start it again from here."
        ), 410)  # fmt: skip
    if kind == "unreachable":
        return Words(_("%(service)s does not answer") % told, _(
            "We could not reach %(service)s just now. Nothing was changed. Try again in a few "
            "minutes, or sign in another way."
        ) % told, 503)  # fmt: skip
    if kind == "untrusted":
        return Words(_("We could not check who you are"), _(
            "What came back from %(service)s does not hold together, so we did not use it. Nothing "
            "was changed. Start again from here; if it happens again, tell the town hall."
        ) % told)  # fmt: skip
    return Words(_("%(service)s did not sign you in") % told, _(
        "It gave us no proof of who you are, and nothing was changed. You can go there again, or "
        "sign in another way."
    ) % told)  # fmt: skip
