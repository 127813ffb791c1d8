"""How bytes leave: one socket's way out, and the same frame out to many at once."""

from realtime.sending.outlet import UNSENT_LIMIT, Outlet, Send
from realtime.sending.sender import Crowd, Sender

__all__ = ["UNSENT_LIMIT", "Crowd", "Outlet", "Send", "Sender"]
