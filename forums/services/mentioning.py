"""Keeping whom a post names, so that they hear of it and find it again.

Deliberately absent: names. What is kept is the person, so that two of one name are not confused and
somebody who is called otherwise tomorrow is still meant.
"""

from collections.abc import Collection

from engage.identity.models import User
from forums.models import Mention, Post


def name_people(*, post: Post, people: Collection[User]) -> list[User]:
    """``post`` names these ``people`` and nobody else; in the transaction that stores its text.

    Returns those whom it did not name before. Whoever was named before and is still stays as they
    were, and hears nothing twice. Publishes nothing. Idempotent.
    """
    before = Mention.objects.filter(post=post)
    before.exclude(person__in=people).delete()
    known = set(before.values_list("person", flat=True))
    new = [person for person in people if person.pk not in known]
    Mention.objects.bulk_create(
        [Mention(post=post, person=person) for person in new], ignore_conflicts=True
    )
    return new
