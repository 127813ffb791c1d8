"""The beginning of an answer that quotes: Markdown in, Markdown out.

Deliberately absent: quotes of quotes; two levels are what anybody reads.
"""

LONGEST = 1_000


def quoted(source: str, longest: int = LONGEST) -> str:
    """``source`` as a quotation of at most about ``longest`` characters, without its own quotes.

    >>> quoted("One\\n> Zero\\n\\nTwo")
    '> One\\n>\\n> Two\\n\\n'
    """
    own = [line for line in source.splitlines() if not line.lstrip().startswith(">")]
    text = "\n".join(own).strip("\n")
    if len(text) > longest:
        text = text[:longest].rsplit(maxsplit=1)[0] + " …" if text[:longest].strip() else ""
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines()) + "\n" * bool(text)
