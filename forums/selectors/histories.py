"""What a post said before, change by change.

Deliberately absent: texts that readers never had before their eyes. Only the author and moderators
see those.
"""

from dataclasses import dataclass
from datetime import datetime

from engage.identity.rules import Person
from forums.domain.changes import Piece, changes
from forums.models import Post, Revision
from forums.rules import may_see_unshown


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when it was made, and its pieces, from the text before to the one after."""

    at: datetime
    pieces: list[Piece]


def post_history(person: Person, post: Post) -> list[Change]:
    """Each change of ``post``, the newest first, as ``person`` may see it. One query.

    Whoever may not read the post may not ask. What was never shown is left out for readers: they
    see the change from the last text that was shown to the next.
    """
    revisions = list(Revision.objects.filter(post=post).order_by("at", "pk"))
    seen = [each for each in revisions if each.shown or _sees_all(person, post)]
    texts = [*(each.text for each in seen), post.text]
    made = [
        Change(each.at, changes(before, after))
        for each, before, after in zip(seen, texts, texts[1:], strict=False)
    ]
    return made[::-1]


def _sees_all(person: Person, post: Post) -> bool:
    own = person.is_authenticated and post.author_id == person.pk
    return own or may_see_unshown(person, post.thread.category)
