"""Html of Markdown: nothing but what Markdown makes, for every text there is, in time."""

import doctest
import importlib
import pkgutil
import re
import time

import pytest
from bleach._vendor import html5lib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engage.domain import sanitise
from engage.domain.sanitise.links import links_in, safe_link
from engage.domain.sanitise.markdown import MOST_HTML, TAGS, cleaned, to_html
from engage.domain.sanitise.quoting import quoted
from tests import payloads

ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=300)
SIGNS = st.text(
    st.sampled_from(list("[]()<>!`*_#>-+|:\\/\"'&;=~ \n\tax1@.\u2028\u200b")), max_size=120
)
REL = "nofollow noopener ugc"


@pytest.mark.parametrize("module", [each.name for each in pkgutil.iter_modules(sanitise.__path__)])
def test_the_examples_hold(module):
    failed, tried = doctest.testmod(importlib.import_module(f"engage.domain.sanitise.{module}"))
    assert failed == 0
    assert tried or module == "pictures"


def elements(html):
    """Every element of ``html`` with its attributes, as a browser's parser sees them."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(each.tag, dict(each.attrib)) for each in tree.iter() if each is not tree]


def holds(source, **how):
    """What must hold of any text."""
    html = to_html(source, **how)
    assert cleaned(html) == html
    assert len(html) <= 2 * MOST_HTML
    for tag, attributes in elements(html):
        assert tag in TAGS, source
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set()), source
        assert safe_link(attributes.get("href", "/")), source
        assert attributes.get("rel", REL) == REL
    return html


@settings(max_examples=300, deadline=None)
@given(ANYTHING | SIGNS, st.integers(1, 5), st.booleans())
@example("\ud800", 3, False)
@example("\x00", 3, True)
def test_any_text_becomes_safe_html(source, top, breaks):
    holds(source, top=top, mentions=[source[:5], "Ann"], breaks=breaks)


@pytest.mark.adversary("E1")
@pytest.mark.adversary("E2")
@pytest.mark.adversary("E9")
def test_nothing_of_the_corpora_becomes_more_than_words():
    for source in (*payloads.attacks(), *payloads.markdown()):
        holds(source)
        holds(source, breaks=True)


def test_a_line_ends_where_it_was_typed_to_end_in_a_letter_and_not_in_a_legal_text():
    source = "Dear all,\nsee you.\n\n- one\n  more\n\n`a\nb`"
    assert to_html(source, breaks=True) == (
        "<p>Dear all,<br>\nsee you.</p>\n<ul>\n<li>one<br>\nmore</li>\n</ul>\n"
        "<p><code>a b</code></p>\n"
    )
    assert "<br>" not in to_html(source)


@pytest.mark.adversary("E7")
@pytest.mark.parametrize(
    "address",
    ["https://town.example\u202e/x", "https://town\u200b.example/", "https://ex\u00adample.org",
     "https://town.example:99999/", "https://town.example:x", "https://town.example:80:80",
     "https://xn--/", "https://town%2eexample/"],
)  # fmt: skip
def test_an_address_that_no_browser_reads_so_is_no_link(address):
    assert not safe_link(address)
    for source in (address, f"[a]({address})", f"<{address}>"):
        assert "<a" not in to_html(source), source
        assert links_in(source) == 0


@pytest.mark.adversary("E1")
def test_what_is_no_markdown_is_shown_as_it_was_typed():
    for source in payloads.OWN:
        if re.search(r"[\[\]\\`*_\r\n#\x00-\x1f]|^\s|^[-+=>~]|<http|<mailto|&", source):
            continue
        tree = html5lib.parseFragment(to_html(source), namespaceHTMLElements=False)
        assert "".join(tree.itertext()).strip() == source.strip()


@pytest.mark.adversary("E7")
def test_links_lead_only_where_the_filter_lets_them():
    for payload in payloads.attacks():
        for source in (
            f"[x]({payload})",
            f"[x](<{payload}>)",
            f"[x]\n\n[x]: {payload}",
            f"<{payload}>",
        ):
            holds(source)


@pytest.mark.adversary("E7")
@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "//evil.example",
     "/\\evil.example", "\\\\evil.example", "https:evil.example", "http:/evil.example",
     "evil.example", "\u2028javascript:x", "javascript\u200b:x", "java\x03script:x", "\x01https://a.example",
     "https://a.example/\u202ex", "https://a.example\\@b.example", "https://a@b.example/",
     "https://", "https:///x", "mailto:", "mailto:a", "ftp://a.example", "file:///etc", "", " /x",
     "/x y", "https://a.example/" + "x" * 2_000, "blob:https://a.example/1", "#\x00", "/\t/evil"],
)  # fmt: skip
def test_the_filter_refuses(url):
    assert not safe_link(url)


@pytest.mark.parametrize(
    "url",
    ["https://a.example", "http://A.example:8080/x?y=1#z", "mailto:ann@a.example", "/", "/polls/1/",
     "#part", "https://bücher.example/ö", "https://[::1]/x", "https://a.example/x@y", "/a(b)"],
)  # fmt: skip
def test_the_filter_lets_through(url):
    assert safe_link(url)


@pytest.mark.parametrize(
    ("source", "number"),
    [("", 0), ("[a](https://a.example)", 1), ("https://a.example, https://b.example.", 2),
     ("<https://a.example>", 1), ("`https://a.example`", 0), ("[a](javascript:x)", 0),
     ("![a](https://a.example/a.png)", 1), ("[a]\n\n[a]: /x", 1), ("a@b.example", 0),
     ("[https://a.example](https://b.example)", 1), ("x" * 60_000 + " https://a.example", 0)],
)  # fmt: skip
def test_links_are_counted_as_they_are_made(source, number):
    assert links_in(source) == number == to_html(source).count("<a href=")


@pytest.mark.parametrize(
    ("source", "shown"),
    [("Hello @Ann Lee!", "<p>Hello <strong>@Ann Lee</strong>!</p>\n"),
     ("@Ann Leeds @Ann", "<p>@Ann Leeds <strong>@Ann</strong></p>\n".replace(
         "@Ann Leeds", "<strong>@Ann</strong> Leeds")),
     ("`@Ann` a@Ann [@Ann](/x)", '<p><code>@Ann</code> a@Ann <a href="/x" '
      f'rel="{REL}">@Ann</a></p>\n'), ("@Bob", "<p>@Bob</p>\n"),
     ("@.*", "<p>@.*</p>\n")],
)  # fmt: skip
def test_names_after_an_at_are_marked_and_nothing_else(source, shown):
    assert to_html(source, mentions=["Ann", "Ann Lee", ""]) == shown


@given(ANYTHING | SIGNS)
def test_a_quotation_is_one(source):
    text = quoted(source)
    assert all(line.startswith(">") for line in text.split("\n") if line)
    assert len(text) <= 6 * 1_000 + 20


DEEP = "".join("  " * depth + "- a\n" for depth in range(220))
BOMBS = {
    "quotes": ">" * 50_000, "quotes apart": "> " * 25_000, "lists": "- " * 25_000,
    "deep list": DEEP, "lists in quotes": "> - " * 12_500, "a long line": "a" * 1_000_000,
    "links": "[link](x)" * 8_192,
    "references": "".join(f"[{number}]: /{number}\n" for number in range(20_000)),
    "one reference": f"[a]: https://x.example/{'y' * 1_900}\n\n" + "[a]" * 16_000,
    "open links": '[]( "' * 800, "more open links": '[]( "' * 10_000, "brackets": "[" * 50_000,
    "pairs": "[]" * 25_000, "wide table": "|a" * 12_000 + "|\n" + "|-" * 12_000 + "|\n|a|\n" * 100,
    "empty cells": "|a" * 800 + "|\n" + "|-" * 800 + "|\n" + "a\n" * 20_000,
    "emphasis": "*a **a " * 7_000, "stars": "*_" * 25_000, "ticks": "`" * 50_000,
    "rising ticks": "".join("`" * number + "a" for number in range(310)), "signs": "&" * 50_000,
    "open tags": "<" * 50_000, "schemes": "<http://" * 6_000, "hosts": "http://a.b." * 4_500,
    "bare links": "https://a.example " * 2_700, "bare schemes": "https://" * 6_000,
    "names": "@Ann " * 10_000, "entities": "&#x41;" * 8_000, "headings": "# a\n" * 12_000,
    "rules": "---\n" * 12_000, "fences": "```\n" * 12_000, "code": "    a\n\nb\n\n" * 5_000,
    "mailboxes": "<a@b.example>" * 3_800, "lazy": ">a\na\n" * 10_000, "breaks": "a  \n" * 12_000,
    "lines": "a\n" * 12_400, "many lines": "a\n" * 25_000,
    "titles": '[a](/x "' * 7_000, "backslashes": "\\" * 50_000, "numbers": "1. a\n" * 10_000,
    "marks": "a" + "\u0301\u0327" * 25_000, "pictures": "![a](/b)" * 6_000, "tabs": "\t" * 50_000,
    "dashes": "-" * 50_000, "pipes": "|" * 50_000, "comments": "<!--" * 12_000,
    "tags": "<b>" * 16_000,
    "parentheses": "[a](" + "(" * 50_000,
}  # fmt: skip


A_MILLION_S = 0.035
"""Seconds in which the processor that the limit was set on squares a million numbers."""


def processor_s(deed, *given):
    begun = time.process_time()
    deed(*given)
    return time.process_time() - begun


def seconds(deed, *given):
    """The faster of two tries; a slow or shared processor is known by a work that is known."""

    def once():
        slowness = processor_s(lambda: sum(n * n for n in range(1_000_000))) / A_MILLION_S
        return processor_s(deed, *given) / max(1, slowness)

    return min(once(), once())


@pytest.mark.adversary("E12")
@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_takes_longer_than_a_second(name):
    source = BOMBS[name]
    assert seconds(lambda: to_html(source, mentions=["Ann"], breaks=True)) <= 1
    assert seconds(links_in, source) <= 1


@pytest.mark.adversary("E12")
@pytest.mark.parametrize("name", ["empty cells", "one reference", "headings", "stars"])
def test_what_would_grow_too_much_is_shown_as_it_was_typed(name):
    tree = html5lib.parseFragment(holds(BOMBS[name]), namespaceHTMLElements=False)
    assert "".join(tree.itertext()).rstrip("\n") == BOMBS[name][:50_000].rstrip("\n")
