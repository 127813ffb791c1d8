"""The one way a service refuses: a stable code, a sentence, and where to go on.

No status numbers here: a page, an API and a socket each say a refusal in their own way.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal. ``code`` is for programs, ``sentence`` for people, ``next`` the way on (a URL)."""

    code: str
    sentence: str = ""
    next: str = ""

    def __str__(self) -> str:
        return self.sentence or self.code
