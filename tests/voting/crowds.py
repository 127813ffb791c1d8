"""Ballots of many voters, signed with the issuer's own key: quicker than asking for each pass.

Deliberately absent: anybody's eligibility; whoever has the issuer's key needs none.
"""

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from voting.client import Voter
from voting.domain.manifest import Manifest


def ballots_of(manifest: Manifest, pem: str, many: int) -> Iterator[bytes]:
    """The exact bytes of as many ballots, for the options a, b and c in turn."""
    issuer = load_pem_private_key(pem.encode(), None)
    for place in range(many):
        voter = Voter.new(manifest)
        voter.token = issuer.sign(voter.token_message, PSS(MGF1(SHA384()), 48), SHA384())
        yield voter.ballot("abc"[place % 3])
