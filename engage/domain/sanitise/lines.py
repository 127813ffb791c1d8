"""Words as they are kept: one spelling (NFC), nothing unseen, nothing that turns a line around.

What came along unseen with copied words is taken out silently; what cannot be repaired without
changing what was said is refused with a code. Deliberately absent: which letters a name may have
(``engage.identity.domain.names``).
"""

import re
import unicodedata

import regex

MOST_MARKS = 8  # on one letter; no language puts more
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_TURNED = re.compile("[\u202d\u202e]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_FLAG = "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
_HIDDEN = regex.compile(rf"(?:{_FLAG})(*SKIP)(*FAIL)|[\U000e0000-\U000e007f]")
_PILE = regex.compile(rf"[\p{{Mn}}\p{{Me}}]{{{MOST_MARKS + 1}}}")
_HEAP = regex.compile(rf"[\p{{Mn}}\p{{Me}}]{{{4 * MOST_MARKS}}}")  # slow to put in order
_UNSEEN = regex.compile(
    rf"(?P<kept>{_FLAG}"
    r"|(?<=[\p{Lo}\p{M}\p{So}\p{Sk}])[\u200c\u200d](?=[\p{Lo}\p{So}])"  # of scripts, of emoji
    r"|\p{Prepended_Concatenation_Mark}|[\n\t])"
    r"|[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}]"
)
_REFUSED = (("broken", _BROKEN), ("turned", _TURNED), ("hidden", _HIDDEN), ("piled", _HEAP))
_SEEN = regex.compile(r"[^\p{C}\p{Z}\p{M}\u115f\u1160\u3164\uffa0\u2800\s]")


class Unwritable(ValueError):
    """Words that cannot be kept; ``code`` says why.

    "broken" (NUL, half a sign), "turned" (signs that turn the direction of writing around),
    "hidden" (signs that carry words nobody sees), "piled" (too many marks on a letter), "blank".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def one_line(text: str) -> str:
    """``text`` on one line with single blanks. Idempotent. Raises Unwritable.

    >>> one_line("  Zoe\\u0308\\t\\u200b Smith\\n")
    'Zoë Smith'
    >>> one_line("\\u200b\\u3164")
    Traceback (most recent call last):
    engage.domain.sanitise.lines.Unwritable: blank
    """
    line = " ".join(many_lines(text).split())
    if not line:
        raise Unwritable("blank")
    return line


def many_lines(text: str) -> str:
    """``text`` with its lines, without empty ones around; empty if nothing of it is seen.

    Idempotent. Raises Unwritable.

    >>> many_lines("one\\r\\n\\r\\ntwo\\x08 \\n"), many_lines(" \\u2800 ")
    ('one\\n\\ntwo', '')
    """
    for code, found in _REFUSED:
        if found.search(text):
            raise Unwritable(code)
    kept = _settled(_BREAK.sub("\n", text))
    if _PILE.search(kept):
        raise Unwritable("piled")
    return kept if _SEEN.search(kept) else ""


def _settled(text: str) -> str:
    """Taking something out can bring two letters together that have one spelling."""
    seen = _UNSEEN.sub(lambda found: found[0] if found["kept"] else "", text)
    kept = unicodedata.normalize("NFC", seen).lstrip("\n").rstrip()
    return kept if kept == text else _settled(kept)
