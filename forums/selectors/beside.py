"""What stands beside posts and threads: which rule one broke, what is the reader's own.

Deliberately absent: whether somebody may read any of it; whoever asks here has asked that before.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from engage.identity.domain.roles import Role
from engage.identity.models import User
from engage.identity.rules import Person, trusted_areas
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Decision
from forums.models import Category, Follow, Post, Reaction, Thread
from forums.selectors.readable import lies_in, readable_threads


def broken_rules(posts: Collection[Post]) -> Mapping[int, str]:
    """By which rule posts were taken from readers; no query if none was. A rule may be empty.

    It is that of the decision by which readers lost the text, as they were told then: what is
    decided on a text that they do not see changes nothing for them, unless it is removed.
    """
    gone = {str(post.pk): post.standing for post in posts if post.standing != Standing.SHOWN}
    if not gone:
        return {}
    found: dict[int, str] = {}
    made = Decision.objects.filter(item__kind="post", item__key__in=gone).order_by("at", "pk")
    for key, before, after, rule in made.values_list("item__key", "before", "after", "rule"):
        if after == Standing.SHOWN:
            found.pop(int(key), None)
        elif before == Standing.SHOWN or before != after == Standing.REMOVED == gone[key]:
            found[int(key)] = rule
    return found


def official_answers(thread: Thread) -> list[Post]:
    """What offices said in a thread, in the order in which it was shown. One query."""
    answers = thread.posts.filter(standing=Standing.SHOWN).exclude(office="")
    return list(answers.order_by("number"))


def officially_answered(threads: Collection[Thread]) -> set[int]:
    """Which of the threads an office has answered. One query."""
    answers = Post.objects.filter(thread__in=threads, standing=Standing.SHOWN).exclude(office="")
    return set(answers.values_list("thread", flat=True))


def newest_threads(person: Person, limit: int = 8) -> list[Thread]:
    """What was started last, wherever ``person`` reads. One query."""
    found = readable_threads(person).select_related("category")
    return list(found.order_by("-started_at", "-pk")[:limit])


def tended_categories(person: User) -> list[Category]:
    """The categories that ``person`` looks after, where threads may be moved to. One query."""
    areas = trusted_areas(person, Role.MODERATOR, Role.ORGANISER)
    return list(Category.objects.filter(lies_in(areas)))


@dataclass(frozen=True, slots=True)
class Own:
    """What of a thread is a reader's: their posts, and their reactions by post."""

    posts: list[int] = field(default_factory=list)
    reacted: dict[int, list[str]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {"posts": self.posts, "reacted": self.reacted}


def own_of(thread: Thread, person: User) -> Own:
    """Two queries, however many posts there are."""
    written = Post.objects.filter(thread=thread, author=person).values_list("pk", flat=True)
    given = Reaction.objects.filter(post__thread=thread, person=person).order_by("pk")
    reacted = defaultdict(list)
    for post, kind in given.values_list("post", "kind"):
        reacted[post].append(kind)
    return Own(list(written), dict(reacted))


def pace_of(person: User, thread: Thread) -> str:
    """How often ``person`` wants to hear of the thread; empty if they do not follow it."""
    found = Follow.objects.filter(person=person, thread=thread).values_list("pace", flat=True)
    return found.first() or ""
