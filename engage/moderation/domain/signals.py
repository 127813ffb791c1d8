"""What is noticed about a text before anybody reads it: each thing by itself, in plain words.

Deliberately absent: a sum of them. What was noticed is shown to moderators as it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from engage.domain.lookalikes import skeleton
from engage.moderation.domain.verdicts import Noticed

NEW_DAYS = 3
BURST, BURST_WITHIN = 5, timedelta(minutes=10)
COPIES, COPIES_WITHIN = 2, timedelta(days=7)
ACCOUNTS, ACCOUNTS_WITHIN = 4, timedelta(hours=1)
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_POSES_AS = ("moderator", "council")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a text arrives, this text and its author included in no number.

    ``days`` since the account was made; texts of the author ``lately``; ``copies`` by anybody;
    other ``accounts`` of the same network.
    """

    days: int
    lately: int
    copies: int
    accounts: int


def signals(known: Known, text: str, name: str, offices: Iterable[str]) -> list[Noticed]:
    """Everything that is noticed; ``offices`` are names that only the town may have.

    >>> [each.name for each in signals(Known(0, 4, 2, 0), "Hello", "Mоderator Ann", [])]
    ['new-account', 'burst', 'copy', 'lookalike']
    """
    return [*_of_numbers(known), *_of_words(text, name, offices)]


def _of_numbers(known: Known) -> Iterator[Noticed]:
    if known.days < NEW_DAYS:
        yield Noticed("new-account")
    if known.lately + 1 >= BURST:
        yield Noticed("burst", str(known.lately + 1))
    if known.copies >= COPIES:
        yield Noticed("copy", str(known.copies + 1))
    if known.accounts + 1 >= ACCOUNTS:
        yield Noticed("network", str(known.accounts + 1))


def _of_words(text: str, name: str, offices: Iterable[str]) -> Iterator[Noticed]:
    if is_mostly_links(text):
        yield Noticed("links")
    if poses_as(name, offices):
        yield Noticed("lookalike", name)


def is_mostly_links(text: str) -> bool:
    """Whether links take more characters than everything else.

    >>> is_mostly_links("See https://town.example"), is_mostly_links("We met, and it was good.")
    (True, False)
    """
    links = sum(len(found) for found in _LINK.findall(text))
    return 2 * links > sum(map(len, text.split()))


def poses_as(name: str, offices: Iterable[str]) -> bool:
    """Whether ``name`` looks as if it had one of ``offices``, or a moderator's title, in it.

    >>> poses_as("Cοunсil Desk", []), poses_as("Ann", ["Eddersford"])
    (True, False)
    """
    seen = skeleton(name)
    return any(skeleton(each) in seen for each in (*_POSES_AS, *offices) if each)
