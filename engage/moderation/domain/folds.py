"""A digest of how a text looks, equal for copies with invisible changes.

Deliberately absent: likeness. Two texts look the same or they do not.
"""

from hashlib import sha256
from html import unescape

from engage.domain.sanitise.fold import folded

SHORTEST = 16
"""Letters; shorter ones are said by many: "Thank you very much!"."""


def fold_of(text: str) -> str:
    """64 characters; none for a text that is too short to be a copy of another.

    >>> fold_of("Sign it to save the trees!") == fold_of("Ѕign it to save the tree\\u200bs")
    True
    >>> fold_of("Sign it to save the trees!") == fold_of("Sign it to s&#97;ve the t&shy;rees!")
    True
    >>> fold_of("Thank you!")
    ''
    """
    seen = folded(unescape(text))
    return sha256(seen.encode()).hexdigest() if len(seen) >= SHORTEST else ""
