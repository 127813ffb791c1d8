"""What the desk of a filled town has: reasons, a word, a decided text, and one to object to.

Deliberately absent: what anybody should be answered.
"""

from typing import Any

from django.utils import timezone

from engage.identity.models import Area, User
from engage.moderation.models import Decision, Item, Reason, Word
from forums.models import Category, Post, Thread


def desk_things(author: User, other: User, area: Area) -> dict[str, dict[str, Any]]:
    """The parts of addresses by route; ``author`` wrote what was decided on, ``other`` the rest."""
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
        "flag": {"kind": "post", "key": _post(other, area).pk},
        "moderation-figures": {"year": timezone.localdate().year},
        "moderation-csv": {"year": timezone.localdate().year},
    }  # fmt: skip


def _post(author: User, area: Area) -> Post:
    category = Category.objects.create(slug="to-object-to", name="Talk", area=area)
    thread = Thread.objects.create(
        category=category, title="Trees", author=author, last_number=1, posts_count=1
    )
    post = Post.objects.create(
        thread=thread, author=author, first=True, number=1, root_number=1, text="Ash", html="Ash"
    )
    Item.objects.create(kind="post", key=str(post.pk), author=author, area=area, standing="shown")
    return post
