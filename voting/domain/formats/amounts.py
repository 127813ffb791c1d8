"""Money as files write it, made whole without losing a cent.

Currencies are not known here.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from voting.domain.formats.election import MAX_NUMBER, ElectionError

MOST_DECIMALS = 4


def amount(text: str, *, line: int = 0) -> Decimal:
    """A sum of money from 0 up; the last of comma and point divides the decimals.

    A single comma before three digits, and either sign where it stands more than once, groups
    thousands; a single point divides decimals.

    >>> [str(amount(t)) for t in ("347932", "776314.03", "776 314,03", "1,100,000", "1.100.000,5")]
    ['347932', '776314.03', '776314.03', '1100000', '1100000.5']
    """
    plain = "".join(text.split()).replace("'", "")
    mark = max(plain.rfind(","), plain.rfind("."))
    whole, decimals = (plain[:mark], plain[mark + 1 :]) if mark >= 0 else (plain, "")
    sign = plain[mark] if mark >= 0 else "."
    if plain.count(sign) > 1 or (sign == "," and len(decimals) == 3 and "." not in whole):
        whole, decimals = plain, ""
    digits = whole.replace(",", "").replace(".", "")
    if not _is_digits(digits) or (decimals and not _is_digits(decimals)):
        raise ElectionError(f"“{text.strip()[:40]}” is not an amount of money.", line=line)
    return Decimal(f"{digits}.{decimals or 0}").normalize() + 0


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 30


def decimals_needed(amounts: Sequence[Decimal]) -> int:
    """How many decimals keep every amount exact; at most four.

    >>> decimals_needed([amount("12"), amount("0.50")])
    1
    """
    exponents = [one.as_tuple().exponent for one in amounts]
    needed = max((-e for e in exponents if isinstance(e, int)), default=0)
    return min(max(needed, 0), MOST_DECIMALS)


def in_units(value: Decimal, decimals: int) -> int:
    """The amount in units of 10^-``decimals``, as a whole number.

    >>> in_units(amount("776314.03"), 2)
    77631403
    """
    scaled = int((value * 10**decimals).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    if scaled > MAX_NUMBER:
        raise ElectionError(f"The amount {value} is too large.")
    return scaled
