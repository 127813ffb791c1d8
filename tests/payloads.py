"""Every text at hand that attacks whoever shows it: our own, and those of the corpora.

Deliberately absent: what each of them should do. None should do anything.
"""

import json
import re
from functools import cache

from tests.paths import shared

MARK = "window.__pwned=1"
OWN = (
    f"<script>{MARK}</script>", f'"><svg onload={MARK}>', f"'><img src=x onerror={MARK}>",
    f"</title></textarea></style></template><script>{MARK}</script>", "{{ 7*7 }}{% load x %}",
    f"-->{MARK}<!--", f"]]><script>{MARK}</script>",
    f"<iframe srcdoc='<script>top.{MARK}</script>'>",
    "%(name)s %s {0}", "&lt;b&gt;", f"[a](javascript:{MARK})", "[a](//evil.example/x)",
    "[a](/\\evil.example)", "[a](data:text/html,<b>)", f"[a](\u2028javascript:{MARK})",
    f"[a](\x01javascript:{MARK})", f"[a](java\tscript:{MARK})", "![a](https://evil.example/p.png)",
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
)  # fmt: skip


@cache
def attacks() -> tuple[str, ...]:
    """All of them in a fixed order, without those that hold a NUL, which no field takes."""
    ammonia = json.loads(
        shared("attacks", "ammonia", "ammonia-3.2.1-test-strings.json").read_text()
    )
    found = [
        *OWN,
        *json.loads(shared("attacks", "blns", "blns.json").read_text()),
        *[text for case in ammonia for text in case["strings"]],
        *[path.read_text().split("\n--\n")[0] for path in _bleach()],
        *_of_lxml(),
    ]
    return tuple(text for text in dict.fromkeys(found) if text.strip() and "\x00" not in text)


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
