"""What happens by itself in the forums: reactions are counted, followers are told. Idempotent.

Deliberately absent: a queue. What there is to count or to tell are rows.
"""

from forums.mails import send_digest
from forums.services.noticing import note_new_posts, tell_due
from forums.services.reacting import A_ROUND, count_stirred


def count_reactions() -> None:
    """Count all that was stirred until now, a few hundred in one transaction."""
    while count_stirred() == A_ROUND:
        pass


def tell_followers() -> None:
    """Note who is to hear of new posts, and tell the next of those to whom something is due."""
    note_new_posts()
    tell_due(send=send_digest)
