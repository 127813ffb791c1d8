"""Texts of people in mails, feeds and results: as plain words, cut, quoted, with whole addresses.

Deliberately absent: cleaning. What comes as html was cleaned when it was written.
"""

import re
import unicodedata
from html.parser import HTMLParser

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_OWN = re.compile(r'(<a href=")(?=/(?!/))')  # as the sanitiser writes it
_KEPT = "\n\t\u200c\u200d"  # the joiners of scripts and emoji
_BLOCKS = {"p", "li", "br", "hr", "pre", "blockquote", "tr", "td", "th", "h2", "h3", "h4", "h5"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> str:
    """The words of cleaned ``html`` on one line.

    >>> plain("<p>a &lt; <strong>b</strong></p><ul><li>c</li></ul>")
    'a < b c'
    """
    words = _Words()
    words.feed(html)
    words.close()
    return " ".join("".join(words.parts).split())


def excerpt(text: str, most: int) -> str:
    """``text``, or its beginning and an ellipsis: never more than ``most`` characters.

    >>> excerpt("one two three", 9), excerpt("one", 9)
    ('one two…', 'one')
    """
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    blank = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:blank] if blank > most // 2 else cut).rstrip() + "…"


def seen(text: str) -> str:
    """``text`` without signs that nobody sees and that move others around; lines end in newlines.

    >>> seen("a\\u202eb\\x00\\r\\nc\\u2028d")
    'ab\\nc\\nd'
    """
    lines = _BREAK.sub("\n", text)
    return "".join(filter(_is_seen, lines))


def _is_seen(char: str) -> bool:
    if char in _KEPT:
        return True
    nothing = (ord(char) & 0xFFFE) == 0xFFFE or "\ufdd0" <= char <= "\ufdef"
    return not nothing and unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def quoted(text: str) -> str:
    """``text`` in a mail of plain words: each line marked, so that none passes for one of ours.

    >>> quoted("one\\n\\nNo more mails: https://evil.example")
    '> one\\n>\\n> No more mails: https://evil.example'
    """
    return "\n".join(f"> {line}".rstrip() for line in seen(text).split("\n"))


def one_line(text: str) -> str:
    """``text`` for a subject line.

    >>> one_line("Bcc:\\r\\n x\\u2028 y")
    'Bcc: x y'
    """
    return " ".join(seen(text).split())


def with_origin(html: str, origin: str) -> str:
    """Cleaned ``html`` whose links to own paths lead to ``origin``, for readers elsewhere.

    >>> with_origin('<a href="/polls/" rel="x">p</a>', "https://town.example")
    '<a href="https://town.example/polls/" rel="x">p</a>'
    """
    return _OWN.sub(lambda found: found[1] + origin, html)
