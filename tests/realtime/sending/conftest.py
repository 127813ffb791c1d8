"""Real servers, opened when first asked for, and readers who are all gone at the end."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.realtime.sending.served import Room, Served, needs_ring

SERVERS = ("daphne", "uvicorn", "uvicorn-uvloop")


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
