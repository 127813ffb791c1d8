"""A person's new name over what they wrote.

Deliberately absent: words in which somebody called them by the old one.
"""

from collections import defaultdict

from django.db import transaction

from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from forums.models import Post
from forums.services.locking import held_thread
from forums.services.showing import change_thread

MOST_TOLD = 200
"""Posts whose new look is told to open pages, the last written; older ones change on reloading."""


@transaction.atomic
def show_new_name(person: User) -> None:
    """Let open and kept pages show the last posts of ``person`` as they are signed now.

    Locks each thread. Publishes ``post.edited``.
    """
    shown = Post.objects.filter(author=person, standing=Standing.SHOWN).order_by("-pk")
    written: dict[int, list[int]] = defaultdict(list)
    for thread, post in shown.values_list("thread", "pk")[:MOST_TOLD]:
        written[thread].append(post)
    for key in sorted(written):
        thread = held_thread(key)
        change_thread(thread)
        for post in reversed(written[key]):
            publish(thread.topic, "post.edited", post=post)
