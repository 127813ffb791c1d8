"""What a sign-in at the identity service proves of a person, kept as a claim once they are in.

Between the proof and the end of a sign-in lies perhaps a second factor; meanwhile the proof waits
in the session, as digest and date.
"""

from datetime import date, timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.models import User
from engage.identity.oidc.configuration import Configured
from engage.identity.oidc.exchange import Proof
from engage.identity.services.claiming import record_claim
from engage.identity.subjects import of_issuer

LASTS = timedelta(days=365)  # a sign-in within that time renews it
WAITING, SHOWN = "proved", "shown"


def waiting_proof(town: Configured, proof: Proof) -> dict[str, Any]:
    """What is to be kept of ``proof``, for the session; no claim if the service proves nobody."""
    if not town.is_national:
        return {SHOWN: proof.shown_again}
    told = {
        "source": town.host,
        "subject": of_issuer(proof.issuer, proof.subject),
        "born_on": proof.born_on and proof.born_on.isoformat(),
    }
    return {SHOWN: proof.shown_again, WAITING: told}


def keep_proof_of_login(request: HttpRequest, person: User, known: dict[str, Any]) -> None:
    """What the sign-in that just ended proved, if it was one at the identity service.

    It is a fresh one only if the person said there anew who they are.
    """
    login = (known.get("signal_kwargs") or {}).get("sociallogin")
    if login is None:
        return
    if login.state.pop(SHOWN, False):
        record_authentication(request, person, "socialaccount", reauthenticated=True)
    keep_proof(request, person, login.state)


def keep_proof(request: HttpRequest, person: User, state: dict[str, Any]) -> None:
    """Make or renew the claim that waits in ``state``, if one does.

    Somebody whose identity counts in another account is signed in all the same, and told.
    """
    told = state.pop(WAITING, None)
    if told is None:
        return
    born = told["born_on"] and date.fromisoformat(told["born_on"])
    try:
        record_claim(
            person=person, level=Level.NATIONAL, source=told["source"][:60], born_on=born,
            subject=told["subject"], until=timezone.now() + LASTS,
        )  # fmt: skip
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
