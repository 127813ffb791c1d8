"""One picture for whoever may see its post, with its permission inside of the query.

Deliberately absent: lists; pictures come along with their posts.
"""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from engage.identity.rules import Person
from forums.models import Picture
from forums.selectors.readable import reachable_posts, readable_posts


def seen_picture(person: Person, key: uuid.UUID) -> Picture | None:
    """The picture if ``person`` may see it; ``everybody`` on it says whether a stranger may too."""
    seen = Q(post__in=reachable_posts(person))
    if person.is_authenticated:
        seen |= Q(post=None, by=person.pk)
    public = readable_posts(AnonymousUser()).filter(pk=OuterRef("post"))
    return Picture.objects.filter(seen, pk=key).annotate(everybody=Exists(public)).first()
