"""Who was proved, as a keyed digest: the same person is recognised, and nobody can be read from it.

Deliberately absent: what went in. Without the town's secret key not even guessing tells who it was.
With another key everybody would be new, so the oldest of SECRET_KEY_FALLBACKS counts.
"""

import hmac
import unicodedata
from datetime import date
from hashlib import sha256

from django.conf import settings


def of_issuer(issuer: str, subject: str) -> str:
    """An account at an identity provider, exactly as the provider writes it; 64 hex digits."""
    return _digest("issuer", issuer, subject)


def of_papers(name: str, born_on: date) -> str:
    """A name and a date of birth as in somebody's papers; spelling of case and space is one."""
    return _digest("papers", folded(name), born_on.isoformat())


def folded(text: str) -> str:
    """The same text for the same eyes: one form of each letter, no case, single spaces."""
    lowered = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", lowered).split())


def key_for(use: str) -> bytes:
    """A key of its own for each use, so that a digest of one says nothing about another."""
    secret = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1].encode()
    return hmac.digest(secret, f"engage.identity.{use}/1".encode(), sha256)


def _digest(kind: str, *parts: str) -> str:
    told = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return hmac.new(key_for(f"subject.{kind}"), told, sha256).hexdigest()
