"""Postcodes and streets in one spelling each, so that what people type meets what a table says.

Deliberately absent: correcting. A street that is spelt otherwise is not found, and never guessed.
"""

import re
import unicodedata

_ENDINGS = {"st": "street", "rd": "road", "ave": "avenue", "ln": "lane", "str": "strasse"}
_NUMBER = r"\d+ ?[a-z]?(?: \d+ ?[a-z]?)?"
_HOUSE = re.compile(rf"^{_NUMBER} (?=\S)|(?<=\S) {_NUMBER}$")


def postcode(text: str) -> str:
    """Letters and digits only, in capitals.

    >>> postcode("ed1 2ab"), postcode(" 01067")
    ('ED12AB', '01067')
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def street(text: str) -> str:
    """The name of a street alone: no house number, no case, common endings written out.

    >>> street("12a Weir Lane"), street("Hauptstr. 5"), street("HAUPTSTRASSE 5-7")
    ('weir lane', 'hauptstrasse', 'hauptstrasse')
    >>> street("Straße des 17. Juni 135"), street("Weir Ln.")
    ('strasse des 17 juni', 'weir lane')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = " ".join(re.sub(r"[^\w\s]|_", " ", folded.replace("'", "").replace("’", "")).split())
    return _written_out(_HOUSE.sub("", words, count=1))


def streets(text: str) -> list[str]:
    """What may be the street in an address of several parts.

    >>> streets("Flat 3, 12 Weir Lane")
    ['flat', 'weir lane']
    """
    return [name for part in text.split(",") if (name := street(part))]


def _written_out(words: str) -> str:
    before, space, last = words.rpartition(" ")
    if last.endswith("str") and len(last) > len("str"):
        return before + space + last.removesuffix("str") + "strasse"
    return before + space + (_ENDINGS.get(last, last) if space else last)
