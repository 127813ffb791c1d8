"""The same frame to many sockets in one go, at level 0: each server's own ``send`` in turn.

Deliberately absent: who the sockets belong to, and what becomes of those that had no room.
"""

from collections.abc import Sequence

from realtime.domain.envelope import Frame
from realtime.sending.outlet import Outlet


class Sender:
    """One per process. ``level`` says how directly it reaches a socket."""

    level = 0

    def send(self, outlets: Sequence[Outlet], frame: Frame) -> list[int]:
        """Send ``frame`` to each of ``outlets``; the places of those that have no room for it.

        A sequence that is the same object as before holds the same outlets in the same order.
        """
        missed = []
        for place, outlet in enumerate(outlets):
            if outlet.full:
                missed.append(place)
            else:
                outlet.put(frame)
        return missed
