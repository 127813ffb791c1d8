"""Which texts can be an e-mail address at all, beyond their shape.

Deliberately absent: asking anybody whether the mailbox exists; a code that comes back says so.
"""

import unicodedata

_UNSEEN = ("C", "Z")  # control, format and unassigned characters; blanks


def is_address(text: str) -> bool:
    """Whether mail could go to ``text``: nothing invisible, a host that has an ASCII form.

    >>> is_address("ann@bücher.example"), is_address("ann@town.example\\u202e")
    (True, False)
    """
    if any(unicodedata.category(letter)[0] in _UNSEEN for letter in text):
        return False
    try:
        text.rpartition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return True
