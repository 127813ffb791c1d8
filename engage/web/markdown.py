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
    "a blockquote br code del em h3 h4 h5 hr li ol p pre strong table tbody td th thead tr "
    "ul".split()
)
_LINK = re.compile(
    r"https?://[a-z0-9][^\s\\]*|mailto:[^\s\\@]+@[^\s\\@]+|/(?![/\\])[^\s\\]*|#[^\s\\]*", re.I
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# linkify stays off: 32 kB of "<http://" takes it six seconds
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=512)
def to_html(source: str) -> SafeString:
    """Safe HTML of Markdown ``source`` (at most 50,000 characters of it)."""
    rendered = _markdown.render(source[:LONGEST])
    for level, deeper in (("2", "4"), ("1", "3")):  # the page's own headings stay on top
        rendered = rendered.replace(f"<h{level}>", f"<h{deeper}>")
        rendered = rendered.replace(f"</h{level}>", f"</h{deeper}>")
    bleached = bleach.clean(rendered, tags=TAGS, attributes={"a": ["href"]}, strip=True)
    return mark_safe(_last_word(bleached))  # noqa: S308  nh3 has just cleaned it


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
    return None
