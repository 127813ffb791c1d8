"""What happens by itself in the forums: reactions are counted. One idempotent step.

Deliberately absent: a queue. What there is to count are rows, and they go when it is done.
"""

from forums.services.reacting import A_ROUND, count_stirred


def count_reactions() -> None:
    """Count all that was stirred until now, a few hundred in one transaction."""
    while count_stirred() == A_ROUND:
        pass
