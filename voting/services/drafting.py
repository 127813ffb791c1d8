"""Saving a draft: a poll and its options in one transaction. Nothing public happens here."""

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from voting.forms import OptionFormSet, PollForm
from voting.models import Poll


@transaction.atomic
def save_draft(*, form: PollForm, options: OptionFormSet) -> Poll:
    """Store valid forms as a draft. Locks it. Raises DomainError("poll.conflict")."""
    known = Poll.objects.select_for_update().filter(pk=form.instance.pk).first()
    if known is not None and known.state != Poll.State.DRAFT:
        raise DomainError("poll.conflict", _("An announced poll is fixed."))
    poll = form.save()
    options.instance = poll
    options.save()
    return poll
