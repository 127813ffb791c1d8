"""A socket as a test holds it: patient, since a busy machine is no failure of ours."""

from channels.testing import WebsocketCommunicator

PATIENCE_S = 30


class Listener(WebsocketCommunicator):
    """Channels' own, which gives up after a second and takes the application down with it."""

    async def receive_output(self, timeout=PATIENCE_S):
        return await super().receive_output(max(timeout, PATIENCE_S))
