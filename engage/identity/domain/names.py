"""Which names people may be called by: any that can be read as one, and none that poses as another.

Plain text in every script. Deliberately absent: a list of "real" names, and any claim that a name
is somebody's own; two residents may have the same.
"""

import unicodedata
from collections.abc import Iterable

from engage.domain.lookalikes import resembles_office

LONGEST = 60
MOST_MARKS = 3
_SIGNS = frozenset(" '’ʼ-‐.,·")
_JOINERS = frozenset("\u200c\u200d")  # Persian and the scripts of India write with them
_WIDE_OPEN = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN", "LISU")
"""Scripts whose letters look like those of another: one of them in a name, not two."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")  # letters that show nothing


def tidy(name: str) -> str:
    """One spelling of what was typed: compatible letters made plain, blanks made single (NFKC).

    >>> tidy("  Ａnn   Marie ")
    'Ann Marie'
    """
    return " ".join(unicodedata.normalize("NFKC", name).split())


def refusal(name: str, reserved: Iterable[str] = ()) -> str:
    """Why nobody may be called ``name`` (tidied), as a code; empty for a good one.

    Codes: "long", "signs" (not letters), "marks", "letters" (of two alike scripts), "address",
    "nameless", "reserved" (looks like one of ``reserved``). An empty name is good: it is none.

    >>> refusal("Zoë O’Brien-Smith"), refusal("admin", ["Admin"]), refusal("аdmin")
    ('', 'reserved', 'letters')
    """
    if not name:
        return ""
    questions = {
        "long": len(name) > LONGEST,
        "signs": not all(map(_is_written, name, " " + name, name[1:] + " ")),
        "marks": _has_pile(name),
        "letters": len({script for char in name if (script := _script(char))}) > 1,
        "address": _is_address(name),
        "nameless": not any(unicodedata.category(char)[0] == "L" for char in name),
        "reserved": resembles_office(name, reserved),
    }
    return next((code for code, holds in questions.items() if holds), "")


def _is_written(char: str, before: str, after: str) -> bool:
    """Whether a name can have ``char`` between these two."""
    if char in _JOINERS:
        inside = all(unicodedata.category(each)[0] in "LM" for each in (before, after))
        return inside and not _script(before) and not _script(after)
    kind = unicodedata.category(char)
    return char in _SIGNS or (kind in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")
                              and char not in _BLANK)  # fmt: skip


def _has_pile(name: str) -> bool:
    """Whether more marks stand on one letter than any language puts there."""
    run = 0
    for char in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(char) == "Mn" else 0
        if run > MOST_MARKS:
            return True
    return False


def _script(char: str) -> str:
    """The script of a letter, if it is one whose letters look like another's."""
    if unicodedata.category(char)[0] != "L":
        return ""
    first = unicodedata.name(char, "").split(" ", maxsplit=1)[0]
    return first if first in _WIDE_OPEN else ""


def _is_address(name: str) -> bool:
    """Whether it could be read as a place in the net: ``www.town.example``."""
    after_dots = [part.split(" ")[0] for part in name.split(".")[1:]]
    return any(len(part) > 1 for part in after_dots)
