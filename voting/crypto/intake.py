"""What an intake checks before it promises anything, in the protocol's order.

Whether the poll is open and whether the key was used already is asked by the service.
"""

from voting.crypto import p256, rsa_pss
from voting.domain import base64url
from voting.domain.ballots import Ballot, parse_ballot
from voting.domain.choices import check_choice
from voting.domain.fields import record
from voting.domain.manifest import EXPONENT, Manifest
from voting.domain.refusal import Refusal, require
from voting.domain.tokens import token_message

_TAG_BYTES = 16


def check_ballot(raw: bytes, manifest: Manifest) -> Ballot:
    """The ballot of these bytes, valid in this poll: what passes here, every verifier counts.

    Raises ``Refusal`` with the first code that applies: too-long, canonical, fields, manifest,
    token, signature, choice.
    """
    ballot = parse_ballot(raw, manifest.k)
    require(ballot.manifest == manifest.field, "manifest", "This ballot is for another poll.")
    require(
        token_holds(ballot, manifest), "token", "The pass in this ballot is not from this poll."
    )
    require(
        p256.verify(ballot.key, ballot.signed, ballot.sig),
        "signature",
        "This ballot is not signed by the key in its pass.",
    )
    check_choice_in(ballot.choice, manifest)
    return ballot


def token_holds(ballot: Ballot, manifest: Manifest) -> bool:
    """Whether the issuer of this manifest signed the ballot's key."""
    message = token_message(ballot.prefix, manifest.sha256, ballot.key)
    return rsa_pss.verify(manifest.n, EXPONENT, message, ballot.token)


def check_choice_in(choice: object, manifest: Manifest) -> None:
    """The poll offers ``choice``, or it is sealed in the right form; else ``Refusal("choice")``."""
    if manifest.results == "sealed":
        return _check_sealed(choice, manifest.value["tally_key"]["pad"])
    return check_choice(
        choice,
        method=manifest.method,
        params=manifest.params,
        options=manifest.option_ids,
        costs=manifest.costs,
    )


def _check_sealed(choice: object, pad: int) -> None:
    """Form and lengths only: what cannot be opened stays in the log and counts as invalid."""
    try:
        sealed = record(choice, ("ct", "enc"))
        base64url.decode(sealed["ct"], pad + _TAG_BYTES)
        point = base64url.decode(sealed["enc"], 65)
        require(point[0] == 4, "choice", "The sealed choice is not of the form it must have.")
    except Refusal:
        raise Refusal("choice", "The sealed choice is not of the form it must have.") from None
