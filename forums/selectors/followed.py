"""What somebody follows, and what is new there.

Deliberately absent: who follows a thread; that is shown to nobody.
"""

from dataclasses import dataclass

from engage.identity.models import User
from forums.models import Follow
from forums.selectors.readable import readable_threads
from forums.selectors.unread import New, unread_counts

A_PAGE = 30


@dataclass(frozen=True)
class Followed:
    """A thread that somebody follows, and what is new in it."""

    follow: Follow
    new: New | None


@dataclass(frozen=True)
class FollowedPage:
    """Those with the newest posts first; ``next`` leads on, "" is the end."""

    rows: list[Followed]
    next: str


def followed_threads(person: User, after: int = 0) -> FollowedPage:
    """What ``person`` follows and may read, the last followed first. Two queries."""
    found = Follow.objects.filter(person=person, thread__in=readable_threads(person))
    if after:
        found = found.filter(pk__lt=after)
    found = found.select_related("thread__category", "thread__author").order_by("-pk")
    follows = list(found[: A_PAGE + 1])
    shown = follows[:A_PAGE]
    new = unread_counts(person, [follow.thread for follow in shown])
    rows = [Followed(follow, new.get(follow.thread_id)) for follow in shown]
    return FollowedPage(rows, str(shown[-1].pk) if len(follows) > A_PAGE else "")
