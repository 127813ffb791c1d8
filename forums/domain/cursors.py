"""Places in a thread and in a list, as short texts in addresses.

Deliberately absent: page numbers. They move while somebody reads.
"""

import re
from dataclasses import dataclass

MOST = 2**31 - 1
_ORDER = re.compile(r"([0-9]{8,10})\.([0-9]{8,10})", re.ASCII)
_PLACE = re.compile(r"(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a post stands in reading order: its root's number, then its own; ``0.0`` is before all.

    >>> Place.parse("3.17") < Place.parse("4.2")
    True
    >>> str(Place(3, 17)), Place(3, 17).order
    ('3.17', '00000003.00000017')
    """

    root: int = 0
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The place written ``text``; the inverse of ``str``. Raises ValueError for any other."""
        found = _PLACE.fullmatch(text)
        if not found or max(int(part) for part in found.groups()) > MOST:
            raise ValueError(f"Not a place in a thread: {text!r:.40}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, order: str) -> "Place":
        """The place whose ``order`` is this. Raises ValueError for any other text.

        >>> Place.of("00000003.00000017")
        Place(root=3, number=17)
        """
        found = _ORDER.fullmatch(order)
        if not found or max(int(part) for part in found.groups()) > MOST:
            raise ValueError(f"Not a place in a thread: {order!r:.40}")
        return cls(int(found[1]), int(found[2]))

    @property
    def order(self) -> str:
        """The same in eight digits each, so that programs may compare it as text."""
        return f"{self.root:08}.{self.number:08}"

    def __str__(self) -> str:
        return f"{self.root}.{self.number}"


_ROW = re.compile(r"([01])\.(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """Where a thread stands in its category: pinned first, then by the last post (µs), then newest.

    >>> Row.parse("1.1790000000000000.12")
    Row(pinned=True, last_us=1790000000000000, thread=12)
    """

    pinned: bool
    last_us: int
    thread: int

    @classmethod
    def parse(cls, text: str) -> "Row":
        """The row written ``text``; the inverse of ``str``. Raises ValueError for any other."""
        found = _ROW.fullmatch(text)
        if not found:
            raise ValueError(f"Not a place in a list: {text!r:.40}")
        return cls(found[1] == "1", int(found[2]), int(found[3]))

    def __str__(self) -> str:
        return f"{self.pinned:d}.{self.last_us}.{self.thread}"
