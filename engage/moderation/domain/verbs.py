"""What a moderator may do with a text as it stands, and how it stands afterwards: one table.

Deliberately absent: who may, and whether a claim or an appeal is in the way.
"""

from collections.abc import Mapping
from enum import StrEnum

from engage.moderation.domain.standing import Standing


class Verb(StrEnum):
    """What can be decided. The last six leave the text as it stands."""

    APPROVE = "approve"
    HIDE = "hide"
    REMOVE = "remove"
    RETURN = "return"
    RESTORE = "restore"
    MOVE = "move"
    LOCK = "lock"
    UNLOCK = "unlock"
    SILENCE = "silence"
    BAN = "ban"
    LIFT = "lift"


_HELD, _SHOWN, _RETURNED, _HIDDEN, _REMOVED = Standing
_AS_IT_IS = {standing: standing for standing in Standing}
TABLE: Mapping[Verb, Mapping[Standing, Standing]] = {
    Verb.APPROVE: {_HELD: _SHOWN, _SHOWN: _SHOWN, _RETURNED: _SHOWN},
    Verb.HIDE: {_HELD: _HIDDEN, _SHOWN: _HIDDEN, _RETURNED: _HIDDEN},
    Verb.REMOVE: {_HELD: _REMOVED, _SHOWN: _REMOVED, _RETURNED: _REMOVED, _HIDDEN: _REMOVED},
    Verb.RETURN: {_HELD: _RETURNED, _SHOWN: _RETURNED},
    Verb.RESTORE: {_RETURNED: _SHOWN, _HIDDEN: _SHOWN, _REMOVED: _SHOWN},
    Verb.MOVE: {standing: standing for standing in Standing if standing != _REMOVED},
    Verb.LOCK: _AS_IT_IS,
    Verb.UNLOCK: _AS_IT_IS,
    Verb.SILENCE: _AS_IT_IS,
    Verb.BAN: _AS_IT_IS,
    Verb.LIFT: _AS_IT_IS,
}
SANCTIONS = frozenset({Verb.SILENCE, Verb.BAN})
NEEDS_WORDS = frozenset({Verb.HIDE, Verb.REMOVE, Verb.RETURN, Verb.MOVE, Verb.LOCK, *SANCTIONS})
"""Not without a reason and a statement to the author."""
APPEALABLE = NEEDS_WORDS - {Verb.MOVE}
TOGETHER = frozenset({Verb.APPROVE, Verb.HIDE, Verb.REMOVE, Verb.RETURN, Verb.RESTORE})
"""What can be decided of many texts at once."""
_DISMISSES = frozenset({Verb.APPROVE, Verb.RESTORE})


def after(verb: Verb, standing: Standing, *, waits: bool = True) -> Standing | None:
    """How a text stands after ``verb``; None if that cannot be decided of it as it stands.

    A shown text is approved only while it ``waits`` for that.

    >>> after(Verb.HIDE, Standing.SHOWN)
    <Standing.HIDDEN: 'hidden'>
    >>> after(Verb.HIDE, Standing.REMOVED) is None
    True
    """
    if verb is Verb.APPROVE and standing is Standing.SHOWN and not waits:
        return None
    return TABLE[verb].get(standing)


def possible(standing: Standing, *, waits: bool) -> list[Verb]:
    """Everything that can be decided of a text that stands so."""
    return [verb for verb in Verb if after(verb, standing, waits=waits)]


def taken_back(before: Standing) -> Standing:
    """How a text stands once a decision is taken back; one that waited then need not wait again.

    >>> taken_back(Standing.HELD)
    <Standing.SHOWN: 'shown'>
    """
    return Standing.SHOWN if before is Standing.HELD else before


def upholds(verb: Verb) -> bool | None:
    """Whether the decision says that who objected was right; None if it says nothing of that."""
    return True if verb in NEEDS_WORDS else (False if verb in _DISMISSES else None)
