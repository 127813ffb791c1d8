"""Copies of a text, found whatever was slipped between or put in place of their letters.

Deliberately absent: any judgement; texts that fold together may be copies, and nothing else.
"""

import unicodedata

from engage.domain.lookalikes import skeleton


def folded(text: str) -> str:
    """The look of the letters and numbers of ``text`` alone, equal for copies. Idempotent.

    Case, accents, look-alikes, blanks, signs between words and what nobody sees make no difference;
    a text of signs alone keeps them.

    >>> folded("Buy n\\u200bow!!") == folded("ВUY  NОW")
    True
    """
    look = skeleton(text)
    letters = "".join(char for char in look if unicodedata.category(char)[0] in "LN")
    return letters or "".join(char for char in look if not char.isspace())
