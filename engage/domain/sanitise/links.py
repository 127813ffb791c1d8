"""Where a link may lead: the web by http(s), a mailbox, a page or a place on a page of ours.

Deliberately absent: relative paths, other schemes, names and passwords before a host, and what
nobody sees in an address.
"""

import re
from html import escape

import nh3

from engage.domain.sanitise.parsing import parsed, parser

LONGEST = 2_000
_LINK = re.compile(
    r"https?://[a-z0-9\[][^\s\\@/?#%]*(?:[/?#][^\s\\]*)?"
    r"|mailto:[^\s\\@]+@[^\s\\@]+|/(?![/\\])[^\s\\]*|#[^\s\\]*",
    re.I,
)
_READER = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, link_rel=None)
"""Reads addresses as browsers do: a port or a host that is none takes the link away."""


def safe_link(url: str) -> bool:
    """Whether a page may link there; whatever a browser could read otherwise than we do may not.

    >>> [safe_link(url) for url in ("https://town.example/a", "/polls/", "mailto:a@b.example")]
    [True, True, True]
    >>> [safe_link(url) for url in ("javascript:x()", "//evil.example", "https://town@evil.example")]
    [False, False, False]
    """
    written = len(url) <= LONGEST and url.isprintable() and _LINK.fullmatch(url)
    return bool(written) and "href" in _READER.clean(f'<a href="{escape(url)}">')


MARKDOWN = parser(safe_link)


def links_in(source: str) -> int:
    """How many links Markdown ``source`` makes.

    >>> links_in("[a](https://a.example) https://b.example `https://c.example` [d](javascript:x)")
    2
    """
    tokens = (child for token in parsed(MARKDOWN, source) for child in token.children or ())
    return sum(token.type == "link_open" for token in tokens)
