"""What people write becomes HTML once, at the door: Markdown without HTML, then two sanitisers.

bleach is the named one and will see no more releases; nh3 has the last word. The same pipeline
for staff. Links only to http(s), mail, own paths and fragments; no images, no ids, no classes.
"""

import re
from functools import lru_cache

import bleach
import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGEST = 50_000
TAGS = frozenset(
    "a blockquote br code del em h2 h3 h4 h5 hr li ol p pre strong table tbody td th thead tr "
    "ul".split()
)
_LINK = re.compile(
    r"https?://[a-z0-9][^\s\\]*|mailto:[^\s\\@]+@[^\s\\@]+|/(?![/\\])[^\s\\]*|#[^\s\\]*", re.I
)
_HEADING, _HEADING_TAG = re.compile(r"<h([1-6])>"), re.compile(r"<(/?)h([1-6])>")
DEEPEST = 5
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# linkify stays off: 32 kB of "<http://" takes it six seconds
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=512)
def to_html(source: str, top: int = 3) -> SafeString:
    """Safe HTML of Markdown ``source`` (at most 50,000 characters of it).

    Its highest heading, whichever that is, becomes ``<h{top}>``: the page's own stay above it.
    """
    rendered = _under(_markdown.render(source[:LONGEST]), top)
    bleached = bleach.clean(rendered, tags=TAGS, attributes={"a": ["href"]}, strip=True)
    return mark_safe(_last_word(bleached))  # noqa: S308  nh3 has just cleaned it


def _under(rendered: str, top: int) -> str:
    """Headings moved so that none is skipped; only Markdown makes any, HTML was text before."""
    levels = [int(level) for level in _HEADING.findall(rendered)]
    deeper = top - min(levels, default=top)
    return _HEADING_TAG.sub(lambda h: f"<{h[1]}h{min(int(h[2]) + deeper, DEEPEST)}>", rendered)


def _last_word(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=_safe_attribute,
        link_rel="nofollow noopener ugc",
        url_schemes={"http", "https", "mailto"},
    )


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and not _UNSEEN.search(value) and _LINK.fullmatch(value):
        return value
    return value if name == "rel" else None  # nh3's own: nobody else's comes this far
