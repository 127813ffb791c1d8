"""Sockets on a bare asyncio loop: ``python bare.py PORT [LIBRARY]``; with LIBRARY, C sends.

With the C loop this is the limit: the message is framed once and all that is left is one system
call a reader. Deliberately absent: everything a town needs.
"""

import asyncio
import ctypes
import hashlib
import sys
from base64 import b64encode

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
DONE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def frame(body):
    """One text frame, unmasked (RFC 6455 section 5.2)."""
    if len(body) < 126:
        return bytes([0x81, len(body)]) + body
    return b"\x81\x7e" + len(body).to_bytes(2, "big") + body


class Reader(asyncio.Protocol):
    """A reader after its handshake; before it, perhaps whoever posts the next message."""

    everybody: dict = {}
    send_to_all = None

    def connection_made(self, transport):
        self.transport, self.heard = transport, b""

    def connection_lost(self, _error):
        self.everybody.pop(self, None)

    def data_received(self, data):
        if self in self.everybody:
            return
        self.heard += data
        head, found, body = self.heard.partition(b"\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if not found or len(body) < int(lines.get(b"content-length", 0)):
            return
        self.heard = b""
        if b"upgrade" not in lines:
            self.publish(body)
            self.transport.write(DONE)
            return
        key = next(
            line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
        )
        accept = b64encode(hashlib.sha1(key.split(b": ")[1] + MAGIC).digest())
        self.transport.write(UPGRADE + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self.everybody[self] = self.transport.get_extra_info("socket").fileno()

    def publish(self, body):
        if self.send_to_all is None:
            message = frame(body)
            for reader in self.everybody:
                reader.transport.write(message)
            return
        sockets = (ctypes.c_int * len(self.everybody))(*self.everybody.values())
        message = frame(body)
        self.send_to_all(sockets, len(sockets), message, len(message))


async def main(port, library=None):
    if library:
        Reader.send_to_all = staticmethod(ctypes.CDLL(library).send_to_all)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Reader, "127.0.0.1", int(port), backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
