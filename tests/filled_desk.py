"""What the desk of a filled town has: reasons, a word, a decided text.

Deliberately absent: what anybody should be answered.
"""

from typing import Any

from django.utils import timezone

from engage.identity.models import Area, User
from engage.moderation.models import Decision, Item, Reason, Word


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
