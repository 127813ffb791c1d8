"""What a poll's pages show, put together from selectors and pictures; nothing is written here."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.identity.participants import Participant
from voting import selectors
from voting.domain import base64url, pictures
from voting.domain.manifest import Manifest
from voting.domain.phases import COLLECTING
from voting.domain.ties import tie_order
from voting.eligibility import eligibility
from voting.models import Poll
from voting.rules import missing_for_pass
from voting.services.refusing import FOR_GOOD, Step, refusal, steps
from voting.wording import Table, tables


@dataclass(frozen=True)
class You:
    """Where the reader stands: ``state`` and ``missing`` for programs, ``steps`` for people."""

    state: str
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def for_good(self) -> bool:
        """Whether nothing can be done before the poll closes."""
        return bool(FOR_GOOD & set(self.missing))


def standing_of(poll: Poll, phase: str, person: Participant) -> You:
    """Whether this person may collect a pass, has one, or what is in the way."""
    if selectors.has_pass(poll, person.key):
        return You("taken")
    if phase not in COLLECTING:
        return You("closed")
    lacking = missing_for_pass(poll, person, timezone.now())
    if not lacking:
        return You("none")
    state = refusal(poll, person, lacking).code
    return You(state, lacking, tuple(steps(poll, person, lacking)))


def pass_state(poll: Poll, person: Participant) -> dict[str, Any]:
    """The same for a program, with what it needs to go on."""
    phase = selectors.present_phase(poll)
    you = standing_of(poll, phase, person)
    state = {
        "state": you.state,
        "phase": phase,
        "detail": you.steps[0].sentence if you.steps else "",
        "next": you.steps[0].next if you.steps else "",
        "missing": list(you.missing),
        "booth": f"{settings.BOOTH_ORIGIN}/booth/{poll.pk}/",
    }
    if poll.manifest:
        state["manifest_sha256"] = Manifest.parse(bytes(poll.manifest)).sha256.hex()
    entry = selectors.roll_entry(poll, person.key)
    if entry is not None:
        state["roll"] = {
            "salt": base64url.encode(bytes(entry.salt)),
            "commitment": base64url.encode(bytes(entry.commitment)),
        }
    return state


def poll_page(poll: Poll, phase: str, person: Participant) -> dict[str, Any]:
    """The context of ``voting/poll.html``."""
    manifest = Manifest.parse(bytes(poll.manifest)) if poll.manifest else None
    context: dict[str, Any] = {
        "poll": poll,
        "phase": phase,
        "eligibility": eligibility(poll),
        "you": standing_of(poll, phase, person),
        "booth_url": f"{settings.BOOTH_ORIGIN}/booth/{poll.pk}/",
        "booth_origin": settings.BOOTH_ORIGIN,
        "manifest_code": manifest.sha256.hex() if manifest else "",
        "rule_text": manifest.rule_text if manifest else "",
        "tie_order": _tie_order(manifest) if manifest else [],
        "tally": tally_of(poll, manifest),
        "result": None,
    }
    if manifest and phase in ("decided", "annulled"):
        context["result"] = result_of(poll, manifest)
        annulled = selectors.last_leaf(poll.pk, "annul")
        context["annulled_because"] = json.loads(annulled)["reason"] if annulled else ""
    return context


def _tie_order(manifest: Manifest) -> list[str]:
    """The titles in the order that settles ties, known since the announcement."""
    return [manifest.titles[key] for key in tie_order(manifest.sha256, manifest.option_ids)]


@dataclass(frozen=True)
class Tally:
    """The live numbers of a poll; ``bars`` is None before anything can be shown."""

    ballots: int
    passes: int
    roll_size: int | None
    version: int
    bars: list[pictures.Bar]
    groups: list[Table]
    at: Any


def tally_of(poll: Poll, manifest: Manifest | None) -> Tally:
    numbers = selectors.poll_tally(poll.pk)
    options = [(key, manifest.titles[key]) for key in manifest.option_ids] if manifest else []
    bars = pictures.bars(options, numbers["totals"], numbers["ballots"]) if options else []
    return Tally(
        ballots=numbers["ballots"],
        passes=numbers["passes"],
        roll_size=numbers["roll"],
        version=numbers["version"],
        bars=bars,
        groups=tables(numbers),
        at=timezone.now(),
    )


@dataclass(frozen=True)
class Result:
    """A decided poll: the outcome as a sentence, and everything behind it."""

    sentence: str
    winners: list[str]
    picture: pictures.ResultPicture
    counted: int
    blank: int
    ballots: int
    passes: int
    slack: int
    checkpoint: str
    size: int
    code: str
    reason: str


def result_of(poll: Poll, manifest: Manifest) -> Result | None:
    """What the last ``result`` leaf says, drawn; None while there is none."""
    body = selectors.last_leaf(poll.pk, "result")
    if body is None:
        return None
    value = json.loads(body)
    close = json.loads(selectors.last_leaf(poll.pk, "close") or b'{"passes":0}')
    checkpoint = selectors.latest_checkpoint(poll.pk)
    winners = [manifest.titles[key] for key in value["winners"]]
    return Result(
        sentence=outcome_sentence(winners, value["ballots"]),
        winners=winners,
        picture=pictures.result_picture(
            manifest.value, value, selectors.poll_tally(poll.pk)["totals"]
        ),
        counted=value["counted"],
        blank=value["blank"],
        ballots=value["ballots"],
        passes=close["passes"],
        slack=close["passes"] - value["ballots"],
        checkpoint=checkpoint.note,
        size=checkpoint.size,
        code=value["code"],
        reason=value["reason"] or "",
    )


def outcome_sentence(winners: list[str], ballots: int) -> str:
    """The outcome in one sentence."""
    if not ballots:
        return _("Nobody voted, so nothing is chosen.")
    if not winners:
        return _("No option got a vote, so nothing is chosen.")
    if len(winners) == 1:
        return _("%(option)s is chosen.") % {"option": winners[0]}
    return ngettext(
        "%(count)s option is chosen.", "%(count)s options are chosen.", len(winners)
    ) % {"count": number_format(len(winners), use_l10n=True)}
