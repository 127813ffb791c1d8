"""One Markdown parser for everybody: no HTML, no pictures by address, links only where allowed.

What may not be a link stays as it was typed. The library's own search for addresses stays off (32
kB of ``<http://`` take it six seconds); ours is one pass over the words. Deliberately absent:
typographic replacements.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LONGEST = 50_000
MOST_NAMES = 50
MOST_PARTS, MOST_BESIDE = 25_000, 5_000  # bleach is slow with many side by side
MOST_CELLS = 10_000
_BARE = r"(?<![\w/@.=])https?://[^\s<>\\]+"
_AFTER = ".,;:!?'\"»”’…*_"  # what ends a sentence, not an address
_SURROGATE = re.compile("[\ud800-\udfff]")


def parser(may_link: Callable[[str], bool]) -> MarkdownIt:
    """A parser that makes links only of what ``may_link``."""
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
    markdown.enable("table").disable("image")
    markdown.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    markdown.validateLink = may_link  # type: ignore[assignment]
    markdown.core.ruler.after("block", "parts", _count_parts)
    markdown.core.ruler.after("inline", "parts_of_lines", _count_parts)
    markdown.core.ruler.push("words", _find_in_words)
    return markdown


def parsed(markdown: MarkdownIt, source: str, names: Iterable[str] = ()) -> list[Token]:
    """The tokens of the first 50,000 characters of ``source``; total over every ``str``."""
    readable = _SURROGATE.sub("\ufffd", source[:LONGEST])
    return markdown.parse(readable, {"names": names})


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless its first line and the lines there are could make too many cells of it."""
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start])
    return columns * (end - start) <= MOST_CELLS and table(state, start, end, silent)


def _count_parts(state: StateCore) -> None:
    """Show what has too many parts, such as a table of 60,000 empty cells, as it was typed."""
    beside = sum(token.level == 0 for token in state.tokens)
    parts = len(state.tokens) + sum(len(token.children or ()) for token in state.tokens)
    if parts > MOST_PARTS or beside > MOST_BESIDE:
        state.tokens = [Token("code_block", "", 0, content=state.src)]


def _find_in_words(state: StateCore) -> None:
    """Make addresses links, and names after an @ strong, in words outside of links and code."""
    wanted = re.compile("|".join([_BARE, *_called(state.env.get("names", ()))]))
    for block in state.tokens:
        if block.children:
            block.children = list(_found(state.md, block.children, wanted))


def _called(names: Iterable[str]) -> list[str]:
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    words = "|".join(re.escape(name) for name in longest_first[:MOST_NAMES])
    return [rf"(?<!\w)@(?:{words})(?!\w)"] if words else []


def _found(
    markdown: MarkdownIt, tokens: Sequence[Token], wanted: re.Pattern[str]
) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type.startswith("link_") else 0
        if token.type == "text" and not inside:
            yield from _split(markdown, token.content, wanted)
        else:
            yield token


def _split(markdown: MarkdownIt, words: str, wanted: re.Pattern[str]) -> Iterator[Token]:
    end = 0
    for match in wanted.finditer(words):
        yield _text(words[end : match.start()])
        found = match[0] if match[0][0] == "@" else _without_end(match[0])
        end = match.start() + len(found)
        yield from _strong(found) if found[0] == "@" else _link(markdown, found)
    yield _text(words[end:])


def _without_end(address: str) -> str:
    """An address without the sentence's own signs after it.

    >>> _without_end("https://a.example/b_(c))."), _without_end("https://a.example/b).")
    ('https://a.example/b_(c)', 'https://a.example/b')
    """
    address = address.rstrip(_AFTER)
    if address.endswith(")") and address.count(")") > address.count("("):
        return address[:-1].rstrip(_AFTER)
    return address


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _strong(words: str) -> tuple[Token, ...]:
    return Token("strong_open", "strong", 1), _text(words), Token("strong_close", "strong", -1)


def _link(markdown: MarkdownIt, address: str) -> tuple[Token, ...]:
    target = markdown.normalizeLink(address)
    if not markdown.validateLink(target):
        return (_text(address),)
    begin = Token("link_open", "a", 1, attrs={"href": target})
    return begin, _text(address), Token("link_close", "a", -1)
