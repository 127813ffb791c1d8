"""Keeping whom a post names, so that they hear of it and find it again.

Deliberately absent: names. What is kept is the person, so that two of one name are not confused and
somebody who is called otherwise tomorrow is still meant.
"""

from collections.abc import Collection

from engage.identity.models import User
from forums.models import Mention, Post


def name_people(*, post: Post, people: Collection[User]) -> None:
    """``post`` names these ``people`` and nobody else; in the transaction that stores its text.

    Whoever was named before and is still stays as they were, and hears nothing twice.
    Publishes nothing. Idempotent.
    """
    Mention.objects.filter(post=post).exclude(person__in=people).delete()
    rows = [Mention(post=post, person=person) for person in people]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
