"""How a text stands: whether it is shown, and to whom. The same for everything people write.

Deliberately absent: who decides it, and why; that is in the desk's decisions.
"""

from enum import StrEnum


class Standing(StrEnum):
    """Held and returned texts were never shown, or are not any more until they are looked at.

    A hidden text stays for its author and the moderators, a removed one for moderators alone; both
    leave a line in their place, if they were shown before.
    """

    HELD = "held"
    SHOWN = "shown"
    RETURNED = "returned"
    HIDDEN = "hidden"
    REMOVED = "removed"
