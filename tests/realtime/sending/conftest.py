"""Real servers, each in a process of its own, and readers who are all gone at the end."""

import json
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from realtime.sending.levels import best
from tests.paths import ROOT
from tests.realtime.sending.reader import PATIENCE_S, Reader, unchecked

needs_ring = pytest.mark.skipif(best(2).number < 2, reason="the kernel lends no ring here")
SERVERS = ("daphne", "uvicorn", "uvicorn-uvloop")


class Served:
    """A hall behind ``name``; calling it is a command to the hall."""

    def __init__(self, name: str, certificate: tuple[str, str]):
        command = [sys.executable, "-m", "tests.realtime.sending.hall", name, *certificate]
        self.name = name
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.plain, self.sealed = json.loads(self.process.stdout.readline())

    def __call__(self, do: str, **arguments):
        body = json.dumps({"do": do, **arguments}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.plain}/", body, PATIENCE_S) as answer:
            return json.load(answer)

    def close(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE_S)


class Room:
    """Some readers in one room of a hall, and the level at which it is spoken to."""

    _names = count()

    def __init__(self, hall: Served, level: int):
        self.hall, self.level, self.name = hall, level, f"room{next(self._names)}"
        self.readers: list[Reader] = []
        self.missed: list[list[int]] = []

    def enter(self, *, narrow: bool = False, sealed: bool = False) -> Reader:
        port, tls = (self.hall.sealed, unchecked()) if sealed else (self.hall.plain, None)
        reader = Reader(port, self.name, narrow=narrow, tls=tls)
        self.readers.append(reader)
        return reader

    def speak(self, *sizes: int, ping: int | None = None):
        told = self.hall(
            "speak", room=self.name, level=self.level, sizes=sizes, ping=ping,
            first=len(self.missed),
        )  # fmt: skip
        self.missed += told["missed"]
        return told

    def look(self):
        return self.hall("look", room=self.name)["seats"]

    def due(self, reader: Reader) -> list[int]:
        """What a reader must have got: all that it is not said to have missed."""
        return [n for n, missed in enumerate(self.missed) if reader.seat not in missed]

    def until_heard(self, *readers: Reader) -> None:
        """Speak until these have room, and wait for what they are due."""
        for reader in readers:
            reader.flow()
            reader.until(lambda reader=reader: not self._missed_by(reader))
        for reader in readers:
            due = self.due(reader)
            reader.until(lambda reader=reader, due=due: len(reader.numbers) >= len(due))
            assert reader.numbers == due
            assert reader.error is None

    def _missed_by(self, reader: Reader) -> bool:
        return reader.seat in self.speak(1)["missed"][0]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> tuple[str, str]:
    """The paths of a certificate that nobody need trust, and of its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(1))
    pem = serialization.Encoding.PEM
    (folder / "hall.pem").write_bytes(built.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "hall.key").write_bytes(key.private_bytes(pem, *plain))
    return str(folder / "hall.pem"), str(folder / "hall.key")


@pytest.fixture(scope="module")
def halls(certificate):
    """Halls by their server's name, each opened when first asked for."""
    opened: dict[str, Served] = {}

    def open_(name: str) -> Served:
        if name not in opened:
            opened[name] = Served(name, certificate)
        return opened[name]

    yield open_
    for hall in opened.values():
        hall.close()


@pytest.fixture(params=SERVERS)
def hall(request, halls) -> Served:
    return halls(request.param)


@pytest.fixture(params=(0, 1, pytest.param(2, marks=needs_ring)))
def level(request) -> int:
    return request.param


@pytest.fixture
def room(hall, level):
    opened = Room(hall, level)
    yield opened
    for reader in opened.readers:
        reader.close()
