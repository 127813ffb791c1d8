"""Saving a draft: a poll and its options in one transaction. Nothing public happens here."""

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from voting.forms import OptionFormSet, PollForm
from voting.models import Poll
from voting.rules import may_manage_poll


@transaction.atomic
def save_draft(*, form: PollForm, options: OptionFormSet, by: User) -> Poll:
    """Store valid forms as a draft of an area in which ``by`` organises. Locks it.

    Raises DomainError("poll.conflict" | "poll.forbidden").
    """
    known = Poll.objects.select_for_update().filter(pk=form.instance.pk).first()
    if known is not None and known.state != Poll.State.DRAFT:
        raise DomainError("poll.conflict", _("An announced poll is fixed."))
    if not may_manage_poll(by, form.instance):
        raise DomainError("poll.forbidden", _("You do not organise polls in this area."))
    poll = form.save()
    options.instance = poll
    options.save()
    return poll
