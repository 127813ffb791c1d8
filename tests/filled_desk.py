"""What the desk of a filled town has: reasons, a word, decided texts and some that wait.

Deliberately absent: what anybody should be answered.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from engage.identity.models import Area, User
from engage.moderation.domain.desk_topics import desk_topic_of
from engage.moderation.models import Appeal, Decision, Item, Reason, Sanction, Word
from tests.voting import polls


def desk_things(author: User, area: Area) -> dict[str, dict[str, Any]]:
    """The parts of addresses by route; ``author`` wrote what was decided on."""
    reasons = [
        Reason.objects.create(code=code, language="en", title=code, statement="No.", position=place)
        for place, code in enumerate(("insult", "law"))
    ]
    word = Word.objects.create(word="cad", action="hold")
    item = Item.objects.create(kind="leaf", key="1", author=author, area=area, standing="hidden")
    decision = Decision.objects.create(
        item=item, verb="hide", before="shown", after="hidden", why="insult", statement="No."
    )
    code = {"code": "insult"}
    return {
        "desk-reason": {"pk": reasons[0].pk}, "desk-reason-use": code, "desk-reason-move": code,
        "desk-word-remove": {"pk": word.pk}, "your-decision": {"pk": decision.pk},
        "moderation-figures": {"year": timezone.localdate().year},
        "moderation-csv": {"year": timezone.localdate().year},
    }  # fmt: skip


def waiting_things(
    people: dict[str, User], area: Area, held: int, hidden: int
) -> dict[str, dict[str, Any]]:
    """The same of the desk itself, for two posts: one waits, on one another moderator looks.

    That one was hidden by somebody who is here no more, and its author has appealed.
    """
    waits, looked_at = (Item.objects.get(kind="post", key=str(key)) for key in (held, hidden))
    looked_at.claimed_by, looked_at.claimed_at = people["moderator-here"], timezone.now()
    looked_at.save()
    decision = Decision.objects.create(
        item=looked_at, verb="hide", before="shown", after="hidden", why="insult", statement="No."
    )
    appeal = Appeal.objects.create(decision=decision, words="It was a joke.")
    kept = Sanction.objects.create(
        person=polls.person(), kind="silence", area=area, decision=decision,
        until=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    names = {"desk-here": desk_topic_of(area.path), "desk-town": desk_topic_of("")}
    item = dict.fromkeys(["desk-item", "desk-claim", "desk-decide", "desk-remark"], waits.pk)
    numbers = item | {"desk-let-go": looked_at.pk, "desk-appeal": appeal.pk, "desk-lift": kept.pk}
    things: dict[str, dict[str, Any]] = {name: {"pk": pk} for name, pk in numbers.items()}
    things |= {variant: {"name": name} for variant, name in names.items()}
    return things | {"desk-together": {"item": waits.pk}}
