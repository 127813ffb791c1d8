"""How much is known about somebody: five levels, each with the way it was found out.

A level says how sure the town is that a count counts people; it says nothing about anybody.
"""

from enum import IntEnum


class Level(IntEnum):
    """Ascending: whoever has a level may do all that a lower one allows."""

    PARTICIPANT = 0
    EMAIL = 1
    ADDRESS = 2
    IN_PERSON = 3
    NATIONAL = 4
