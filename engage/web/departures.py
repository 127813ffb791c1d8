"""Who hears that somebody may have lost a right: a session ended, a role was taken back.

A hint after commit, with nobody's name in it: whoever hears it asks the database. Deliberately
absent: any promise of delivery. Those who listen look by themselves every few seconds.
"""

import logging
from collections.abc import Callable

from django.db import transaction

logger = logging.getLogger(__name__)

Listener = Callable[[], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Tell ``listener`` from now on. Idempotent: registered twice, told once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell() -> None:
    """Say after commit that somebody may have lost a right; a listener that fails stops nobody."""
    transaction.on_commit(_tell, robust=True)


def _tell() -> None:
    for listener in tuple(_listeners):
        try:
            listener()
        except Exception:
            logger.exception("A listener failed on a departure")
