"""What a talk may be turned into: each app registers its kind, and begins it when asked.

Deliberately absent: any knowledge of polls or threads. Neither app knows the other one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from engage.domain.topics import Topic
from engage.identity.models import Area, User


@dataclass(frozen=True, slots=True)
class Onward:
    """One kind: ``label`` in words, ``may`` somebody begin one for an area ("" is the town), and
    ``begin(by, area, title, text)``, which stores a draft in the caller's transaction; its topic
    is the name of an address with one part, the key.
    """

    name: str
    label: str | Promise
    may: Callable[[User, str], bool]
    begin: Callable[[User, Area | None, str, str], Topic]


_kinds: dict[str, Onward] = {}


def register(kind: Onward) -> None:
    """Offer ``kind`` from now on. Idempotent: a name counts once, the newest wins."""
    _kinds[kind.name] = kind


def kinds() -> Mapping[str, Onward]:
    """All of them by name."""
    return _kinds
