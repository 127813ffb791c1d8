"""One socket as the hub knows it: its way out, its session and language, the rooms it is in.

Deliberately absent: its address, and whoever may sit behind it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from realtime.domain.envelope import Frame
from realtime.sending import Outlet, Send

if TYPE_CHECKING:
    from realtime.room import Room


class Follower:
    """``session`` is asked again what it may follow; ``turn`` is when it is due a sign of life.

    ``language`` is that of the html it wants with facts, empty for data only. ``signed_in``: its
    page was made for somebody signed in, and the socket ends with their session.
    """

    __slots__ = ("behind", "language", "outlet", "rooms", "session", "signed_in", "turn")

    def __init__(
        self,
        send: Send,
        session: str,
        language: str,
        *,
        turn: int,
        relieved: "Callable[[Follower], None]",
        behind: "Callable[[Follower], None]",
    ) -> None:
        self.outlet = Outlet(send, lambda: relieved(self))
        self.session, self.language, self.behind = session, language, behind
        self.rooms: dict[str, Room] = {}
        self.turn, self.signed_in = turn, False

    def put(self, frame: Frame) -> bool:
        """Send now, or say no: then it is made good once the reader has caught up."""
        if self.outlet.full:
            self.behind(self)
            return False
        self.outlet.put(frame)
        return True
