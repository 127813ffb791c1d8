"""What happens by itself in the forums: reactions are counted, followers are told. Idempotent.

Deliberately absent: a queue. What there is to count or to tell are rows.
"""

from forums.mails import send_digest
from forums.services.noticing import note_new_posts, tell_due
from forums.services.reacting import count_stirred

MOST_ROUNDS = 200


def count_reactions() -> None:
    """Count what was stirred until now, one thread in a transaction."""
    for _round in range(MOST_ROUNDS):
        if not count_stirred():
            return


def tell_followers() -> None:
    """Note who is to hear of new posts, and tell the next of those to whom something is due."""
    note_new_posts()
    tell_due(send=send_digest)
