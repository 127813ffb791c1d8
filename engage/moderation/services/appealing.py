"""An author asks that somebody else look again; another moderator answers.

Deliberately absent: a second appeal, and answering one's own decision.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.verbs import APPEALABLE, Verb
from engage.moderation.models import Appeal, Decision, Item
from engage.moderation.rules import may_answer_appeal
from engage.moderation.services.holding import held_item, hold_author
from engage.moderation.services.refusing import decided_meanwhile, no_such_text, refuse_empty
from engage.moderation.services.telling import tell_desk
from engage.moderation.services.working import take_back


@transaction.atomic
def appeal(*, decision: Decision, author: User, words: str) -> Appeal:
    """Ask another moderator to look at ``decision`` again.

    Locks the item. Publishes ``appeal.made``. Idempotent because a decision has one appeal: the
    same words again are the same appeal. Raises DomainError("decision.not-found" |
    "appeal.forbidden" | "appeal.incomplete" | "appeal.conflict").
    """
    known = Decision.objects.select_related("item").filter(pk=decision.pk).first()
    item = held_item(known.item) if known else None
    if known is None or item is None or item.author_id != author.pk:
        raise DomainError("decision.not-found", _("There is no such decision."))
    if Verb(known.verb) not in APPEALABLE:
        raise DomainError("appeal.forbidden", _("There is nothing to appeal against here."))
    words = refuse_empty(words, "appeal")
    if made := Appeal.objects.filter(decision=known).first():
        if made.words == words:
            return made
        raise DomainError("appeal.conflict", _("You have appealed against this already."))
    made = Appeal.objects.create(decision=known, words=words)
    tell_desk("appeal.made", item)
    return made


@transaction.atomic
def answer_appeal(*, appeal: Appeal, by: User, overturn: bool, answer: str) -> Appeal:
    """Let the decision stand, or take it back: then the text stands as it did before it.

    Locks the author's account, the item and what its kind locks. Publishes ``appeal.answered``, and
    whatever the kind publishes. Raises DomainError("appeal.forbidden" | "appeal.incomplete" |
    "appeal.conflict"): sent twice, it is answered once.
    """
    answer = refuse_empty(answer, "appeal")
    about = Item.objects.filter(decisions__appeal=appeal.pk).first()
    if about is None:
        raise no_such_text()
    hold_author(about)
    item = held_item(about)
    found = Appeal.objects.select_for_update(of=("self",))
    held = found.select_related("decision__sanction").get(pk=appeal.pk)
    held.decision.item = item
    if not may_answer_appeal(by, held):
        sentence = _("An appeal is answered by another moderator than the one who decided.")
        raise DomainError("appeal.forbidden", sentence)
    if held.outcome != Appeal.Outcome.OPEN:
        raise decided_meanwhile()
    _answered(held, by, overturn, answer)
    tell_desk("appeal.answered", item)
    return held


def _answered(appeal: Appeal, by: User, overturn: bool, answer: str) -> None:
    outcome = Appeal.Outcome.OVERTURNED if overturn else Appeal.Outcome.UPHELD
    appeal.outcome, appeal.answer, appeal.by = outcome, answer, by
    appeal.answered_at = timezone.now()
    appeal.save(update_fields=["outcome", "answer", "by", "answered_at"])
    if overturn:
        take_back(appeal.decision, by)
