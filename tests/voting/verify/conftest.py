"""Both ways of checking signatures: with the cryptography package and without."""

import pytest

from voting.verify import aes_gcm, ed25519, p256, rsa_pss, sealed

LIBRARY = (
    (aes_gcm, "AESGCM"),
    (ed25519, "Ed25519PublicKey"),
    (p256, "ec"),
    (rsa_pss, "padding"),
    (sealed, "ec"),
)


@pytest.fixture
def without_library(monkeypatch):
    """As on a machine that has nothing but Python."""
    for module, name in LIBRARY:
        monkeypatch.setattr(module, name, None)


@pytest.fixture(params=["with the library", "without"])
def both_ways(request):
    if request.param == "without":
        request.getfixturevalue("without_library")
