"""The voter's client as it is served: which files, and the hashes that every manifest names."""

import hashlib
from functools import cache

from django.contrib.staticfiles import finders

CLIENT_FILES = tuple(
    f"voting/{name}.js"
    for name in (
        "ballot", "booth", "box", "bridge", "ed25519", "form", "lodging", "log", "manifest",
        "receipt", "requests", "scene", "store", "tiles", "vote", "words",
    )
)  # fmt: skip
"""``booth.js`` and everything it imports."""


@cache
def client_hashes() -> dict[str, str]:
    """Path -> hex SHA-256 of each script that runs in the booth."""
    return {path: hashlib.sha256(body).hexdigest() for path, body in client_files().items()}


@cache
def client_files() -> dict[str, bytes]:
    """Path -> exact bytes of each script that runs in the booth."""
    found = {path: finders.find(path) for path in CLIENT_FILES}
    files = {}
    for path, place in found.items():
        if place:
            with open(place, "rb") as script:
                files[path] = script.read()
    return files
