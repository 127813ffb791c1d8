"""A page's parts after a fact, made once a language and kept for a second, however many ask.

Deliberately absent: whoever reads it. It holds only what every permitted reader may see.
"""

import logging
import time
from collections.abc import Collection, Mapping, Sequence

from django.utils import translation

from engage.domain.topics import Topic
from engage.journal.listeners import Fact
from realtime.domain import envelope
from realtime.domain.envelope import Frames
from realtime.topics import KINDS, fits

logger = logging.getLogger(__name__)

KEPT_S = 1.0
MOST_KEPT = 256

Html = Mapping[str, str]
"""What takes the place of the page's parts, by language; one that lacks: the page fetches them."""

_kept: dict[tuple[str, int, str], tuple[float, str | None]] = {}


def framed(facts: Sequence[Fact], html: Html) -> list[tuple[int, Frames]]:
    """Facts that are told one right after the other, ready to be sent.

    ``html`` shows how things stand after all of them, so the last one brings it. What was replaced
    at once would be for nothing: the others say that there is nothing to replace.
    """
    nothing = dict.fromkeys(html, "")
    return [
        (each.sequence, _framed(each, html if each is facts[-1] else nothing)) for each in facts
    ]


def _framed(fact: Fact, html: Html) -> Frames:
    told = fact.topic, fact.sequence, fact.kind, fact.data
    return {"": envelope.fact(*told)} | {
        language: envelope.fact(*told, text) for language, text in html.items()
    }


def html_after(topic: Topic, sequence: int, languages: Collection[str]) -> Html:
    """How the page's parts stand, in each of ``languages`` for which they can be made.

    Made now or within the last second, never before fact number ``sequence``.
    """
    found = {language: _kept_or_made(topic, sequence, language) for language in languages}
    return {language: html for language, html in found.items() if html is not None}


def _kept_or_made(topic: Topic, sequence: int, language: str) -> str | None:
    key, now = (str(topic), sequence, language), time.monotonic()
    made_at, html = _kept.get(key, (float("-inf"), None))
    if now - made_at > KEPT_S:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        html = _made(topic, language)
        _kept[key] = now, html
    return html


def _made(topic: Topic, language: str) -> str | None:
    render = KINDS[topic.kind].html
    if render is None:
        return None
    try:
        with translation.override(language):
            html = render(topic)
    except Exception:  # the page fetches what it shows, as ever
        logger.exception("No html for %s", topic)
        return None
    return html if html is None or fits(html) else None
