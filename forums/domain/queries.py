"""What somebody types into the search field, taken apart; and where a text answers it.

Any text is a question: words, "words in a row" and -words that must not be there. Deliberately
absent: stems and ranks, which are the database's, and any operator beyond these.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
MOST_TERMS = 12
BEGINS = 3  # a word so long also finds longer ones that begin with it
ENDINGS = ("ings", "ies", "ing", "ers", "ern", "es", "en", "er", "ed", "em", "s", "e", "n")
BEFORE_HIT, WIDTH = 60, 260
WORD = re.compile(r"[^\s\x00-/:-@\[-`{-\x9f\u00a1-\u00a9\u00ab-\u00b1\u00b4-\u00b8"
                  r"\u00bb\u00bf\u2010-\u205e\u3000-\u3003\u3008-\u3020]+")  # fmt: skip
_PART = re.compile(r'(-?)"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One or several words that stand in a row; a ``row`` is looked for exactly so."""

    words: tuple[str, ...]
    row: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``wanted`` are in what is found, none of ``unwanted``. Empty: nothing was asked."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; ``hit``: it answers the question."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text around its first hit; ``before`` and ``after``: there is more of it."""

    segments: tuple[Segment, ...]
    before: bool = False
    after: bool = False


def parse(text: str) -> Query:
    """The question in ``text``, of its first 200 characters; total over every ``str``.

    >>> [term.text for term in parse('bench "by the river" -dog').wanted]
    ['bench', 'by the river']
    >>> parse('-dog "" *').unwanted, bool(parse("-dog"))
    ((Term(words=('dog',), row=False),), False)
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, row, plain in _PART.findall(unicodedata.normalize("NFC", text[:LONGEST])):
        minus, plain = minus or plain[:1] * (plain[:1] == "-"), plain.removeprefix("-")
        words = tuple(words_of(row or plain))
        if words:
            term = Term(words, row=len(words) > 1)
            (unwanted if minus else wanted).append(term)
    return Query(tuple(wanted[:MOST_TERMS]), tuple(unwanted[:MOST_TERMS]))


def words_of(text: str) -> list[str]:
    """The words in ``text``: letters, numbers and the marks on them, nothing else.

    >>> words_of("well-known: Müller's 3.5 €!")
    ['well', 'known', 'Müller', 's', '3', '5']
    """
    kept = ("".join(filter(_of_a_word, found)) for found in WORD.findall(text))
    return [word for word in kept if any(char.isalnum() for char in word)]


def _of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def highlighted(text: str, query: Query, width: int = WIDTH) -> Excerpt:
    """At most ``width`` characters of ``text`` from shortly before its first hit, hits apart.

    The segments put together are a piece of ``text``.

    >>> highlighted("Two benches by the river", parse("bench")).segments[:2]
    (Segment(text='Two ', hit=False), Segment(text='benches', hit=True))
    """
    looked_for = {_folded(word) for term in query.wanted for word in term.words}
    words = [(found.span(), _folded(found[0])) for found in WORD.finditer(text)]
    hits = [span for span, word in words if any(_alike(word, each) for each in looked_for)]
    start = _start(text, hits[0][0] if hits else 0)
    end = min(len(text), start + width)
    segments, at = [], start
    for left, right in hits:
        if left >= start and right <= end:
            segments += [Segment(text[at:left]), Segment(text[left:right], hit=True)]
            at = right
    segments.append(Segment(text[at:end]))
    return Excerpt(tuple(each for each in segments if each.text), start > 0, end < len(text))


def _start(text: str, hit: int) -> int:
    """Where a word begins, at most 60 characters before ``hit``."""
    if hit <= BEFORE_HIT:
        return 0
    blank = text.find(" ", hit - BEFORE_HIT, hit)
    return blank + 1 if blank >= 0 else hit


def beginnings(word: str) -> tuple[str, ...]:
    """As what a word may begin that means the same: itself, and without an ending of ours.

    English and German endings, with three or four letters before them. No linguistics: databases
    that know a language's stems use those.

    >>> beginnings("benches"), beginnings("trees"), beginnings("Bäume"), beginnings("bus")
    (('benches', 'bench'), ('trees', 'tree'), ('Bäume', 'Bäum'), ('bus',))
    """
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= BEGINS + (len(ending) > 1):
            return (word, stem)
    return (word,)


def _alike(word: str, asked: str) -> bool:
    """Whether a reader takes ``word`` for what was ``asked``."""
    if len(asked) < BEGINS:
        return word == asked
    whole, *stems = beginnings(asked)
    most = len(asked) + 2
    return word.startswith(whole) or (len(word) <= most and word.startswith(tuple(stems)))


def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if unicodedata.category(char) != "Mn")
