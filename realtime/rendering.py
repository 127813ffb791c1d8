"""A page's parts after facts, made once a language and kept for a second, however many ask.

Deliberately absent: whoever reads it. It holds only what every permitted reader may see.
"""

import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils import translation

from engage.domain.topics import Topic
from engage.journal.listeners import Fact
from realtime.domain import envelope
from realtime.domain.envelope import Frames
from realtime.topics import KINDS, Parts, fits

logger = logging.getLogger(__name__)

KEPT_S = 1.0
MOST_KEPT = 1_000

Html = Mapping[str, Parts]
"""What takes the place of a page's parts, by language; what lacks in it, the page fetches."""

Key = tuple[str, int, str, str]
_kept: dict[Key, tuple[float, str | None]] = {}


def framed(facts: Sequence[Fact], html: Html) -> list[tuple[int, Frames]]:
    """Facts that are told one right after the other, ready to be sent.

    ``html`` shows how things stand after all of them, so the last one of each part brings it. What
    was replaced at once would be for nothing: the others say that there is nothing to replace.
    """
    last = _last_of_each_part(facts)
    return [(fact.sequence, _framed(fact, html, last)) for fact in facts]


def _framed(fact: Fact, html: Html, last: Mapping[str, int]) -> Frames:
    told, part = (fact.topic, fact.sequence, fact.kind, fact.data), _part(fact)
    brings = last[part] == fact.sequence
    return {"": envelope.fact(*told)} | {
        language: envelope.fact(*told, parts[part] if brings else "")
        for language, parts in html.items()
        if part in parts
    }


def html_after(topic: Topic, facts: Sequence[Fact], languages: Collection[str]) -> Html:
    """How the parts that ``facts`` changed stand, in each of ``languages`` in which they are made.

    Made now or within the last second, never before the last fact of the part.
    """
    last = _last_of_each_part(facts)
    found = {language: _kept_or_made(topic, last, language) for language in languages}
    return {language: parts for language, parts in found.items() if parts}


def _last_of_each_part(facts: Iterable[Fact]) -> Mapping[str, int]:
    return {_part(fact): fact.sequence for fact in facts}


def _part(fact: Fact) -> str:
    return KINDS[fact.topic.partition(".")[0]].part(fact.kind, fact.data)


def _kept_or_made(topic: Topic, last: Mapping[str, int], language: str) -> Parts:
    now = time.monotonic()
    keys = {part: (str(topic), sequence, part, language) for part, sequence in last.items()}
    known = {part: _kept[key] for part, key in keys.items() if key in _kept}
    found = {part: html for part, (made_at, html) in known.items() if now - made_at <= KEPT_S}
    if lacking := [part for part in keys if part not in found]:
        made = _made(topic, lacking, language)
        _keep({keys[part]: (now, made.get(part)) for part in lacking})
        found |= made
    return {part: html for part, html in found.items() if html is not None}


def _keep(made: Mapping[Key, tuple[float, str | None]]) -> None:
    if len(_kept) + len(made) > MOST_KEPT:
        _kept.clear()
    _kept.update(made)


def _made(topic: Topic, parts: Collection[str], language: str) -> dict[str, str]:
    render = KINDS[topic.kind].html
    if render is None:
        return {}
    try:
        with translation.override(language):
            made = render(topic, parts)
    except Exception:  # the page fetches what it shows, as ever
        logger.exception("No html for %s", topic)
        return {}
    return {part: html for part, html in made.items() if fits(html)}
