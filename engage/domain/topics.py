"""A topic is the one name of a public thing: journal key, channel group, cache key, link.

Nothing here knows which kinds exist or who may follow them; ``realtime.topics`` does.
"""

import re
from dataclasses import dataclass

from engage.domain.errors import DomainError

MAX_LENGTH = 90
_KIND = re.compile(r"[a-z][a-z-]{0,23}", re.ASCII)
_KEY = re.compile(r"0|[1-9][0-9]{0,18}|(?![0-9]+\Z)[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind and a key, written ``kind.key``.

    One thing has one spelling: lower case only, numbers without leading zeros. Every topic is a
    valid channel group (ASCII letters, digits, ``-`` and ``.``, shorter than 100).
    Raises DomainError("topic.malformed").

    >>> str(Topic("thread", "7"))
    'thread.7'
    """

    kind: str
    key: str

    def __post_init__(self) -> None:
        if not (_KIND.fullmatch(self.kind) and _KEY.fullmatch(self.key)):
            raise DomainError("topic.malformed", "This is not the name of anything public.")

    @classmethod
    def parse(cls, text: str) -> "Topic":
        """The topic written ``text``; the inverse of ``str``.

        >>> Topic.parse("thread.7")
        Topic(kind='thread', key='7')
        """
        kind, _dot, key = text.partition(".")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"
