"""The codes of the ballot protocol in the reader's language; the precise reason goes beside it."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "canonical": _("This ballot is not written in the protocol's exact form."),
    "fields": _("This ballot lacks a field, or a field has the wrong form."),
    "manifest": _("This ballot belongs to another poll."),
    "token": _("The voting pass on this ballot was not given out for this poll."),
    "signature": _("The signature on this ballot does not fit it."),
    "choice": _("This choice is not possible in this poll."),
    "key-used": _("Another ballot was already cast with this voting pass. The first one counts."),
    "closed": _("This poll has closed. Ballots that came before are safe in the log."),
    "not-open": _("This poll has not opened yet. Your ballot is kept on your device until then."),
    "too-long": _("This ballot is longer than 16,384 bytes, which no real ballot is."),
    "text-plain": _("Send the ballot's exact bytes as text/plain."),
    "blinded-message": _("This is not a blinded message of the right length and size."),
    "octet-stream": _("Send the blinded message's exact bytes as application/octet-stream."),
    "not-found": _("There is no such poll, or it has not been announced."),
    "busy": _("The ballot box is busy. Your vote is saved on your device; it will be sent again."),
    "too-many-proofs": _("Ask for the proofs of a larger group, so that nobody is singled out."),
    "not-yet": _("The record is published when the poll has been counted."),
}
