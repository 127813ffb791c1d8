"""Codes that people copy from paper: no two signs look alike, and a slip of the pen is noticed.

Thirty-one signs, a prime: with places as weights every single wrong sign and every two signs that
changed places give another remainder. Deliberately absent: the key, and how often one may try.
"""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
ALIKE = str.maketrans("OILSU", "0115V")
LENGTH = 9
GROUP = 3
_SIGNS = len(ALPHABET)
_LAST = pow(LENGTH, -1, _SIGNS)


def code_of(digest: bytes) -> str:
    """Eight signs of a digest of at least 16 bytes, and one more that checks them.

    >>> code_of(bytes(15) + b"\\x01")
    '000000016'
    """
    number = int.from_bytes(digest)
    signs = [number // _SIGNS**place % _SIGNS for place in range(LENGTH - 2, -1, -1)]
    signs.append(-_weighed(signs) * _LAST % _SIGNS)
    return "".join(ALPHABET[sign] for sign in signs)


def read_code(text: str) -> str | None:
    """The code that somebody typed, in its one spelling; None if no letter ever held it.

    Case, spaces, dashes and what looks alike do not matter: O is 0, I and L are 1, S is 5, U is V.

    >>> read_code("ooo-ooo o16")
    '000000016'
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(ALIKE)
    code = "".join(sign for sign in plain if sign.isalnum())
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return None if _weighed([ALPHABET.index(sign) for sign in code]) else code


def in_groups(code: str) -> str:
    """As it is printed.

    >>> in_groups("K7Q4M2PDX")
    'K7Q 4M2 PDX'
    """
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _weighed(signs: list[int]) -> int:
    return sum(place * sign for place, sign in enumerate(signs, 1)) % _SIGNS
