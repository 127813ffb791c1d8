"""A browser's end of a socket, down to its bytes: it can stop reading, go on, and break off."""

import base64
import json
import os
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress

from websockets.frames import Opcode
from websockets.protocol import CLIENT, Protocol

PATIENCE_S = 30


class Reader:
    """Reads in a thread of its own while it ``flows``. A frame that is not whole is an error."""

    def __init__(self, port: int, room: str, *, narrow: bool = False, tls=None):
        self.socket = socket.socket()
        if narrow:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket)
        self.frames: list[tuple[Opcode, bytes]] = []
        self.error: Exception | None = None
        self._parser = Protocol(CLIENT, max_size=None)
        self._flows, self._closed = threading.Event(), False
        self._shake_hands(room)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self.flow()
        self._thread.start()
        self.until(lambda: self.frames)
        self.seat = json.loads(self.frames[0][1])["d"]["seat"]

    def _shake_hands(self, room: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET /ws?{room} HTTP/1.1", "Host: hall", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.socket.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer

    def _read(self) -> None:
        while True:
            self._flows.wait()
            try:
                some = self.socket.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError as error:
                self.error = error
                return
            if not some or self._closed:
                return
            self._parser.receive_data(some)
            for event in self._parser.events_received():
                self.frames.append((event.opcode, bytes(event.data)))

    def stall(self) -> None:
        """Stop reading; what is under way may still arrive."""
        self._flows.clear()

    def flow(self) -> None:
        self._flows.set()

    def break_off(self) -> None:
        """Be gone at once, without a word (a reset)."""
        self._closed = True
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        with suppress(OSError):  # the server was quicker
            self.socket.shutdown(socket.SHUT_RD)
        self.flow()
        self._thread.join(PATIENCE_S)
        self.socket.close()

    def close(self) -> None:
        if self.socket.fileno() >= 0:
            self.break_off()

    @property
    def numbers(self) -> list[int]:
        """Of the words that have arrived, in the order of their arrival."""
        return [word["v"] for word in self._words() if word.get("g") == "word"]

    def told(self, key: str) -> list[int]:
        """The numbers of a topic's facts (``n``) or of its gauge's readings (``v``)."""
        return [word[key] for word in self._words() if word["t"] == "meeting.7" and key in word]

    def _words(self) -> list[dict]:
        assert self._parser.parser_exc is None
        return [json.loads(body) for opcode, body in self.frames if opcode is Opcode.TEXT]

    @property
    def ended(self) -> bool:
        """Whether the server is gone."""
        return not self._thread.is_alive()

    def until(self, condition) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"{len(self.frames)} frames, {self.error}"
            time.sleep(0.005)


def unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
