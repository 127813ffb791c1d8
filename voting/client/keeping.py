"""The voter's file: what must survive a crash between collecting a pass and casting a ballot.

Written before anything is sent. It holds the seed: who has the file can vote with it.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass
class Kept:
    """One poll's progress, each step added when it is done; bytes are hex, the rest text.

    ``leaf`` are the exact bytes of the ballot, of which only these may ever be sent; ``session``
    are the site's cookies as JSON, so that asking for a pass again is asking as the same person.
    """

    manifest: str = ""
    session: str = "{}"
    seed: str = ""
    checkpoint: str = ""
    token: str = ""
    leaf: str = ""
    promise: str = ""
    proof: str = ""


class Keeper:
    """A ``Kept`` in a file that is always whole: written aside, synced, then renamed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = Kept()
        if path.exists():
            known = {field.name for field in fields(Kept)}
            found = json.loads(path.read_text())
            self.kept = Kept(**{name: value for name, value in found.items() if name in known})

    def keep(self, **steps: str) -> None:
        """Add steps and make them durable."""
        for name, value in steps.items():
            setattr(self.kept, name, value)
        aside = self.path.with_name(self.path.name + ".new")
        # Readable by its owner alone from the first moment on.
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self.kept), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path)
