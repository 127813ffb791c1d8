"""Which texts can be an e-mail address at all, beyond their shape.

Deliberately absent: asking anybody whether the mailbox exists; a code that comes back says so.
"""

import unicodedata

_UNSEEN = ("C", "Z")  # control, format and unassigned characters; blanks


def is_address(text: str) -> bool:
    """Whether mail could go to ``text``: a plain name, nothing unseen, a host with an ASCII form.

    A dotless i is taken for an I by databases and by the usual check of addresses.

    >>> is_address("ann@bücher.example"), is_address("ann@town.example\\u202e")
    (True, False)
    """
    if any(unicodedata.category(letter)[0] in _UNSEEN for letter in text):
        return False
    name, _at, host = text.rpartition("@")
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return name.isascii()
