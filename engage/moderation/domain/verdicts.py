"""What the desk makes of a text before it is stored: the text to store, how it stands, and why.

Deliberately absent: a score. What was noticed is a list of things in plain words.
"""

from dataclasses import dataclass

from engage.moderation.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing that was noticed, by the name of its signal; ``detail``: which word, how many."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``text`` with words replaced, the ``standing`` to store it with, and what ``enter`` keeps."""

    text: str
    standing: Standing
    signals: tuple[Noticed, ...] = ()
    fold: str = ""
    links: int = 0
    pictures: int = 0
    mentions: int = 0
    network: str = ""

    @property
    def waits(self) -> bool:
        """Whether a moderator is to look at it; shown or not."""
        return self.standing is Standing.HELD or bool(self.signals)
