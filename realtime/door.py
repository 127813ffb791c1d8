"""How many sockets one address and one session may hold open in this process.

Exact because all of it happens on the server's loop. A session is its cookie, unread: whoever
makes cookies up still has only one address. Deliberately absent: any log of addresses.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from engage.domain.addresses import client_address, counted_as
from engage.domain.errors import DomainError


class Door:
    """One per process; ``open`` counts the sockets of every address and session inside."""

    def __init__(self) -> None:
        self.open: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def place(self, address: str, session: str) -> Iterator[None]:
        """Room for one socket while the block lasts. Raises DomainError("socket.full")."""
        keys = [("address", address)] * bool(address) + [("session", session)] * bool(session)
        if settings.LIMITS and any(self.open[key] >= _most(key[0]) for key in keys):
            raise DomainError("socket.full", "Too many sockets are open already.")
        self.open.update(keys)
        try:
            yield
        finally:
            self.open.subtract(keys)
            for key in keys:
                if self.open[key] <= 0:
                    del self.open[key]


def _most(kind: str) -> int:
    limit = settings.SOCKETS_PER_ADDRESS if kind == "address" else settings.SOCKETS_PER_SESSION
    return int(limit)


def address_of(scope: dict[str, Any]) -> str:
    """What the socket's address counts as; empty if the server does not know one."""
    peer = (scope.get("client") or [""])[0]
    forwarded = [value.decode("latin-1") for name, value in scope["headers"]
                 if name == b"x-forwarded-for"]  # fmt: skip
    return counted_as(client_address(peer, forwarded, settings.TRUSTED_PROXIES))
