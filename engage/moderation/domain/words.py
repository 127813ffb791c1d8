"""Words of a list found in a text, however they are dressed up; whole words only, in linear time.

Letters count by their looks (``engage.domain.lookalikes``), in any case, repeated, with signs and
invisible characters between them, written one by one, as HTML's names and numbers of characters, or
with links among them. Deliberately absent: patterns that somebody types, and scripts that write
without blanks between words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import groupby

from engage.domain.lookalikes import skeleton

STAND_INS = {"@": "a", "$": "s", "€": "e", "3": "e", "4": "a", "5": "s", "7": "t", "|": "l"}
"""Signs and digits that are written for a letter, read as such in a second reading."""
_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")  # letters that show nothing
_ALONE = ("a", "l")  # as in "a", and in "I", which looks like an l
_UNSEEN = ("Mn", "Me", "Cf", "Cc")
_NAMED = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_AS_TYPED = re.compile(_NAMED)
_AS_SHOWN = re.compile(rf"{_NAMED}|\]\([^()\s]{{0,2000}}\)")
"""The same without where links lead to; a word in an address is found as it was typed."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """The listed ``word`` stands in ``text[start:end]``."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class _Letter:
    """How a letter looks and where it is; whether it begins or ends a group without signs."""

    sign: str
    at: int
    end: int
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """The same letter once or several times; a word may begin at ``first`` and end at ``last``."""

    sign: str
    length: int
    first: int | None
    last: int | None
    letters: tuple[_Letter, ...]


@dataclass(slots=True)
class _Node:
    """A place in the tree of listed words; ``ends`` has those that end here: word, repetitions."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)


class Listed:
    """A list of words, ready to be looked for; phrases are found across the blanks of a line."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words, self._phrases = _Node(), _Node()
        for word in words:
            _plant(self._phrases if len(word.split()) > 1 else self._words, word)

    def hits(self, text: str) -> list[Hit]:
        """Every listed word in ``text``, by place.

        >>> [hit.word for hit in Listed(["idiot"]).hits("1.d.і.o-t! IIDIOOT, idiotic i d i o t")]
        ['idiot', 'idiot', 'idiot']
        """
        found: set[Hit] = set()
        for written in (_AS_TYPED, _AS_SHOWN) if "](" in text else (_AS_TYPED,):
            for reading in ({}, STAND_INS):
                if not reading or any(char in reading for char in text):
                    for line in _lines(_characters(text, written), reading):
                        found.update(self._in_line(line))
        return sorted(found)

    def _in_line(self, line: list[list[_Letter]]) -> Iterator[Hit]:
        for letters in (*line, *_spelt(line)):
            yield from _found(self._words, letters)
        if self._phrases.next:
            yield from _found(self._phrases, [each for chunk in line for each in chunk])


def replaced(text: str, hits: Iterable[Hit], by: Mapping[str, str]) -> str:
    """``text`` with each hit replaced by what ``by`` has for its word; of two in one place, one.

    >>> replaced("You idiot!", Listed(["idiot"]).hits("You idiot!"), {"idiot": "person"})
    'You person!'
    """
    parts, done = [], 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= done and hit.word in by:
            parts += [text[done : hit.start], by[hit.word]]
            done = hit.end
    return "".join([*parts, text[done:]])


def _plant(root: _Node, word: str) -> None:
    node, counts = root, []
    signs = [sign for char in word for sign in _signs(char)]
    for sign, same in groupby(signs):
        node = node.next.setdefault(sign, _Node())
        counts.append(len(list(same)))
    if signs:
        node.ends.append((word, tuple(counts)))


@lru_cache(maxsize=4096)
def _signs(char: str) -> str:
    """The plain letters that one character looks like; empty for what is none."""
    if (
        unicodedata.category(char)[0] not in "LN"
        and not unicodedata.normalize("NFKC", char).isalnum()
    ):
        return ""
    return "" if char in _NOTHING else "".join(c for c in skeleton(char) if c.isalnum())


_Place = tuple[str, int, int]


def _characters(text: str, written: re.Pattern[str]) -> Iterator[_Place]:
    """What ``text`` shows, sign by sign, and from where to where each is typed."""
    done = 0
    for found in written.finditer(text):
        yield from ((text[at], at, at + 1) for at in range(done, found.start()))
        if found[0][0] == "&":
            yield from ((char, found.start(), found.end()) for char in unescape(found[0]))
        done = found.end()
    yield from ((text[at], at, at + 1) for at in range(done, len(text)))


def _lines(
    characters: Iterable[_Place], reading: Mapping[str, str]
) -> Iterator[list[list[_Letter]]]:
    """The letters of each line, chunk by chunk: what stands between two blanks."""
    line: list[list[_Letter]] = []
    chunk: list[tuple[str, int, int, bool]] = []
    opens = True
    for char, at, end in characters:
        if char.isspace():
            line += [_closed(chunk)] if chunk else []
            chunk, opens = [], True
            if char in "\n\r\u2028\u2029" and line:
                yield line
                line = []
        elif signs := reading.get(char) or _signs(char):
            chunk += [(sign, at, end, opens and not i) for i, sign in enumerate(signs)]
            opens = False
        elif unicodedata.category(char) not in _UNSEEN and char not in _NOTHING:
            opens = True
    if chunk:
        line.append(_closed(chunk))
    if line:
        yield line


def _closed(chunk: list[tuple[str, int, int, bool]]) -> list[_Letter]:
    """A chunk's letters; one closes a group where the next one opens another."""
    after = [opens for _sign, _at, _end, opens in chunk[1:]] + [True]
    return [_Letter(*each, closes) for each, closes in zip(chunk, after, strict=True)]


def _spelt(line: list[list[_Letter]]) -> Iterator[list[_Letter]]:
    """Words written one letter at a time: the chunks of one letter that follow each other."""
    for single, chunks in groupby(line, key=lambda chunk: len(chunk) == 1):
        letters = [letter for chunk in chunks for letter in chunk] if single else []
        if len(letters) > 1:
            yield [
                _Letter(each.sign, each.at, each.end, *_edges(i, letters))
                for i, each in enumerate(letters)
            ]


def _edges(i: int, letters: list[_Letter]) -> tuple[bool, bool]:
    """Letters that stand alone are one word together; before it may be a word of one letter."""
    opens = i == 0 or (i == 1 and letters[0].sign in _ALONE)
    return opens, i == len(letters) - 1


def _found(root: _Node, letters: list[_Letter]) -> Iterator[Hit]:
    """Every word of the tree among ``letters``; from each run at most as far as the longest."""
    if not root.next:
        return
    runs = [_run(sign, tuple(same)) for sign, same in groupby(letters, key=lambda each: each.sign)]
    for start, run in enumerate(runs):
        if run.first is not None:
            yield from _from(root, runs, start)


def _run(sign: str, letters: tuple[_Letter, ...]) -> _Run:
    """The earliest beginning and the latest end leave the most letters to count."""
    first = next((i for i, letter in enumerate(letters) if letter.opens), None)
    last = next((i for i in reversed(range(len(letters))) if letters[i].closes), None)
    return _Run(sign, len(letters), first, last, letters)


def _from(root: _Node, runs: list[_Run], start: int) -> Iterator[Hit]:
    node, counts = root, list[int]()
    skipped = runs[start].first or 0
    for place in range(start, len(runs)):
        run = runs[place]
        if (child := node.next.get(run.sign)) is None:
            return
        node = child
        if run.last is not None and node.ends and run.last >= skipped:
            seen = [*counts, run.last + 1 - skipped]
            for word, needed in node.ends:
                if all(n <= m for n, m in zip(needed, seen, strict=True)):
                    first = runs[start].letters[runs[start].first or 0]
                    yield Hit(first.at, run.letters[run.last].end, word)
        counts.append(run.length - skipped)
        skipped = 0
