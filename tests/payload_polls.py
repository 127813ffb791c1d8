"""Polls whose questions, descriptions and options are attacks, in every state of their life.

Deliberately absent: ballots; they hold keys of options and no words.
"""

from tests.payloads import column
from tests.voting import polls

STATES = ("draft", "announced", "open", "decided", "annulled")
A_PAPER = 45


def fill(texts: list[str]) -> dict[str, str]:
    """The key of a poll in each state."""
    titles, questions = column(texts, 196, len(STATES) * A_PAPER), column(texts, 9_000, len(STATES))
    made = {}
    for n, state in enumerate(STATES):
        some = titles[n * A_PAPER : (n + 1) * A_PAPER]
        options = tuple((f"o{place}", f"{title} {place}", None) for place, title in enumerate(some))
        poll = polls.STATES[state](title=titles[n], description=questions[n], options=options)
        made[state] = str(poll.pk)
    return made
