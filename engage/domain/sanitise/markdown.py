"""Markdown without HTML becomes safe HTML: parsed, cleaned by bleach, and by nh3 as the last word.

bleach is the named one and will see no more releases; nh3 decides. Length is capped before and
after. Deliberately absent: pictures, ids, classes, and any exception for staff.
"""

import re
from collections.abc import Collection
from copy import deepcopy
from html import escape

import bleach
import nh3

from engage.domain.sanitise.links import MARKDOWN, safe_link
from engage.domain.sanitise.parsing import LONGEST, parsed

MOST_HTML = 300_000
TAGS = frozenset(
    "a blockquote br code del em h2 h3 h4 h5 hr li ol p pre strong table tbody td th thead tr "
    "ul".split()
)
DEEPEST = 5
_WITH_BREAKS = deepcopy(MARKDOWN.options)
_WITH_BREAKS.breaks = True
_HEADING, _HEADING_TAG = re.compile(r"<h([1-6])>"), re.compile(r"<(/?)h([1-6])>")


def to_html(source: str, top: int = 3, mentions: Collection[str] = (), breaks: bool = False) -> str:
    """Safe HTML of Markdown ``source`` (of its first 50,000 characters); total over every ``str``.

    Its highest heading, whichever that is, becomes ``<h{top}>``: the page's own stay above it. Each
    of the names in ``mentions`` is strong where it stands after an @. With ``breaks`` a line ends
    where it was typed to end; else Markdown joins the lines of a paragraph. What would grow beyond
    300,000 characters (a long address used a thousand times) is shown as it was typed.

    >>> to_html("Dear @Ann, see <https://town.example>!", mentions=["Ann"])
    '<p>Dear <strong>@Ann</strong>, see <a href="https://town.example" \
rel="nofollow noopener ugc">https://town.example</a>!</p>\\n'
    """
    tokens = parsed(MARKDOWN, source, mentions)
    options = _WITH_BREAKS if breaks else MARKDOWN.options
    rendered = MARKDOWN.renderer.render(tokens, options, {})
    if len(rendered) > MOST_HTML:
        return cleaned(f"<pre>{escape(source[:LONGEST])}</pre>")
    return cleaned(_under(rendered, top))


def cleaned(html: str) -> str:
    """``html`` with what Markdown makes, and nothing else. Idempotent.

    >>> cleaned('<p id="x">a<script>b</script></p><a href="javascript:c">d</a>')
    '<p>ab</p><a rel="nofollow noopener ugc">d</a>'
    """
    bleached = bleach.clean(html, tags=TAGS, attributes={"a": ["href"]}, strip=True)
    return nh3.clean(
        bleached,
        tags=set(TAGS),
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=_safe_attribute,
        link_rel="nofollow noopener ugc",
        url_schemes={"http", "https", "mailto"},
    )


def _under(rendered: str, top: int) -> str:
    """Headings moved so that none is skipped; only Markdown makes any, HTML was text before."""
    levels = [int(level) for level in _HEADING.findall(rendered)]
    deeper = top - min(levels, default=top)
    return _HEADING_TAG.sub(lambda h: f"<{h[1]}h{min(int(h[2]) + deeper, DEEPEST)}>", rendered)


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and safe_link(value):
        return value
    return value if name == "rel" else None  # nh3's own: nobody else's comes this far
