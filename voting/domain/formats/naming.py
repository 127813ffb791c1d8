"""Ids and titles that a poll accepts, for options that a file calls whatever it likes.

Which option a name stands for is never changed, only how it is written.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_ID = 32
MAX_TITLE = 120
_VALID_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def option_ids(sources: Sequence[str]) -> list[str]:
    """One id for each source, all different; a source that is a valid id already keeps it.

    >>> option_ids(["BO.D1/23", "Bob Kiss", "280", "bob-kiss", "??"])
    ['bo-d1-23', 'bob-kiss-2', '280', 'bob-kiss', 'option-5']
    """
    taken = {source for source in sources if _VALID_ID.fullmatch(source)}
    ids: list[str] = []
    kept: set[str] = set()
    for place, source in enumerate(sources, 1):
        if source in taken and source not in kept:
            kept.add(source)
            ids.append(source)
            continue
        new = _unused(_slug(source) or f"option-{place}", taken)
        taken.add(new)
        ids.append(new)
    return ids


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_ID].strip("-")


def _unused(wanted: str, taken: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = wanted[: MAX_ID - len(suffix)].rstrip("-") + suffix
    return candidate


def clean(text: str, *, most: int = MAX_TITLE) -> str:
    """One line of printable text, at most ``most`` signs long.

    >>> clean(" Park \\t and\\x00 ride ")
    'Park and ride'
    """
    printable = "".join(" " if _unprintable(sign) else sign for sign in text)
    words = " ".join(printable.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _unprintable(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def different(names: Iterable[str]) -> list[str]:
    """The same names, with a number behind those that came before.

    >>> different(["Ann", "Ben", "Ann"])
    ['Ann', 'Ben', 'Ann (2)']
    """
    wanted = list(names)
    taken: set[str] = set()
    result: list[str] = []
    for name in wanted:
        candidate, number = name, 1
        while candidate in taken or (number > 1 and candidate in wanted):
            number += 1
            candidate = f"{name} ({number})"
        taken.add(candidate)
        result.append(candidate)
    return result


def title_of_file(name: str) -> str:
    """A title for an election that has none.

    >>> title_of_file("/data/2013_minneapolis_mayor.json")
    '2013 minneapolis mayor'
    """
    stem = re.split(r"[/\\\\]", name)[-1].rpartition(".")
    return clean((stem[0] or stem[2]).replace("_", " ")) or "Election"
