"""Ten reasons for decisions on texts to begin with, from ``reasons/<language>.md``.

Deliberately absent: changing what the town has made of them; a language that has any keeps them.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from engage.moderation.services.listing import ReasonWords, begin_with_reasons

FOLDER = Path(__file__).parent / "reasons"


def first_reasons(language: str) -> Iterator[ReasonWords]:
    """Those of one file: ``# code | rule | reason``, and below it what the author is told."""
    path = FOLDER / f"{language}.md"
    parts = path.read_text().split("# ")[1:] if path.exists() else []
    for part in parts:
        head, statement = part.split("\n", 1)
        code, rule, title = (each.strip() for each in head.split("|"))
        yield ReasonWords(code, language, title, rule, statement.strip())


def fill_reasons() -> None:
    """Give every language of the town that has no reasons yet the ten to begin with."""
    for language, _name in settings.LANGUAGES:
        begin_with_reasons(reasons=list(first_reasons(language)))
