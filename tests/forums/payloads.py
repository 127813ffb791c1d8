"""Texts that attack whoever shows them: our own and those of the corpora at hand.

Deliberately absent: what each should do; they should all do nothing.
"""

import json
from functools import cache

from tests.paths import shared

OWN = (
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "'><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>", "{{ 7*7 }}{% load x %}", "%(name)s %s {0}", "&lt;b&gt;",
    "[a](javascript:alert(1))", "[a](//evil.example)", "[a](/\\evil.example)", "]]><script>x",
    "[a](data:text/html,<b>)", "[a](\u2028javascript:alert(1))", "![a](https://evil.example/p.png)",
    "' OR 1=1 --", "'; DROP TABLE forums_post; --", "\" MATCH 'a", "a* OR b:*", "NEAR(a b)", "^a",
    "title:a", "AND", "a AND NOT", "(((", ")))", "\\", "a:b:*", "!!", "<->", "\u202egnp.exe",
    "a\u0301" * 300, "Bcc: a@evil.example\r\nX: y", "=HYPERLINK(1)", "\x0b\x1c\x85", "\ufffe\uffff",
)  # fmt: skip


@cache
def everything() -> tuple[str, ...]:
    """All of them, without those that hold a NUL, which no page takes."""
    bleach = sorted(shared("attacks", "bleach", "data").glob("*.test"))
    ammonia = shared("attacks", "ammonia", "ammonia-3.2.1-test-strings.json").read_text()
    found = {
        *OWN,
        *json.loads(shared("attacks", "blns", "blns.json").read_text()),
        *[text for case in json.loads(ammonia) for text in case["strings"]],
        *[path.read_text().split("\n--\n")[0] for path in bleach],
    }
    return tuple(sorted(text for text in found if text.strip() and "\x00" not in text))
