"""What a page's address says when it opens its socket: topics, language, release, for whom.

Read strictly, except that parameters of later versions are left to them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qs

from engage.domain.errors import DomainError
from realtime.domain.requests import MAX_BYTES, Follow, malformed, parse_places

_RELEASE = re.compile(r"(?:[0-9a-f]{8})?", re.ASCII)
_MARK = re.compile(r"(?:[0-9a-f]{16})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Handshake:
    """``language`` is that of the html that is sent along, empty for none at all.

    ``mark`` is that of the signed-in session the page was made for, empty for a stranger's.
    """

    places: list[Follow]
    language: str
    release: str
    mark: str = ""


def parse_handshake(query: bytes, languages: Collection[str], fallback: str) -> Handshake:
    """``topics=a.1:12,b.2&lang=de&v=0123abc1[&me=…][&html=0]``; each parameter at most once.

    Raises DomainError("socket.too-long"), DomainError("socket.malformed").
    """
    if len(query) > MAX_BYTES:
        raise DomainError("socket.too-long", "The address was too long.")
    try:
        values = parse_qs(query.decode("ascii"), strict_parsing=True, max_num_fields=8)
    except ValueError as error:
        raise malformed() from error
    if len(values.get("topics", ())) != 1 or any(len(said) > 1 for said in values.values()):
        raise malformed()
    told = {name: said[0] for name, said in values.items()}
    if not (_RELEASE.fullmatch(told.get("v", "")) and _MARK.fullmatch(told.get("me", ""))):
        raise malformed()
    return Handshake(
        places=parse_places(told["topics"]),
        language=html_language(told.get("lang", ""), told.get("html", ""), languages, fallback),
        release=told.get("v", ""),
        mark=told.get("me", ""),
    )


def html_language(asked: str, html: str, languages: Collection[str], fallback: str) -> str:
    """The language to send html in: the one asked for, its base, else ``fallback``; "" for none.

    >>> html_language("de-AT", "", ("en", "de"), "en")
    'de'
    >>> html_language("de", "0", ("en", "de"), "en")
    ''
    """
    if html == "0":
        return ""
    base = asked.partition("-")[0]
    return next((code for code in (asked, base) if code in languages), fallback)
