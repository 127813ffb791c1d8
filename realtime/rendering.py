"""A fact's html, made once a language and not again for a second, however many ask for it.

Deliberately absent: whoever reads it. It holds only what every permitted reader may see.
"""

import logging
import time
from collections.abc import Collection, Mapping
from typing import Any

from django.utils import translation

from engage.domain.topics import Topic
from realtime.domain import envelope
from realtime.domain.envelope import Frames
from realtime.topics import KINDS, fits

logger = logging.getLogger(__name__)

KEPT_S = 1.0
MOST_KEPT = 256

_kept: dict[tuple[str, int, str], tuple[float, str | None]] = {}


def framed(
    topic: Topic, sequence: int, kind: str, data: Mapping[str, Any], languages: Collection[str]
) -> Frames:
    """One fact as data only, and with html in each of ``languages`` for which there is some."""
    name = str(topic)
    frames = {"": envelope.fact(name, sequence, kind, data)}
    for language in languages:
        html = html_of(topic, sequence, kind, data, language)
        if html is not None:
            frames[language] = envelope.fact(name, sequence, kind, data, html)
    return frames


def html_of(
    topic: Topic, sequence: int, kind: str, data: Mapping[str, Any], language: str
) -> str | None:
    """What takes the place of the page's parts after this fact; None: the page fetches them.

    Shows how things stand when it is made, which is never before the fact itself.
    """
    key, now = (str(topic), sequence, language), time.monotonic()
    made_at, html = _kept.get(key, (float("-inf"), None))
    if now - made_at > KEPT_S:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        html = _rendered(topic, kind, data, language)
        _kept[key] = now, html
    return html


def _rendered(topic: Topic, kind: str, data: Mapping[str, Any], language: str) -> str | None:
    render = KINDS[topic.kind].html
    if render is None:
        return None
    try:
        with translation.override(language):
            html = render(topic, kind, data)
    except Exception:  # the page fetches what it shows, as ever
        logger.exception("No html for %s", kind)
        return None
    return html if html is None or fits(html) else None
