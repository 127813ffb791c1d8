"""Who hears of news after it is committed; those above register, the journal imports none of them.

Deliberately absent: any promise of delivery. The journal's rows are the promise.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engage.journal.domain.plain import Plain

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fact:
    """A journaled row, as told after commit."""

    topic: str
    sequence: int
    kind: str
    data: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A reading: only the latest ``version`` counts, and it is stored nowhere."""

    topic: str
    name: str
    version: int
    data: Mapping[str, Plain | dict[str, Plain]]


News = Fact | Gauge
Listener = Callable[[News], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Tell ``listener`` of all news from now on. Idempotent: registered twice, told once."""
    if listener not in _listeners:
        _listeners.append(listener)


def withdraw(listener: Listener) -> None:
    """Tell ``listener`` no more."""
    if listener in _listeners:
        _listeners.remove(listener)


def tell(news: News) -> None:
    """Hand ``news`` to every listener; one that fails is logged and stops nobody."""
    for listener in tuple(_listeners):
        try:
            listener(news)
        except Exception:
            logger.exception("A listener failed on %s", news.topic)
