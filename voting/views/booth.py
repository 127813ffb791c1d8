"""The ballot box over HTTP: no cookie, no session, no address kept (see engage.web.origins)."""

import uuid

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST, require_safe

from engage.web.problem import problem
from voting import selectors
from voting.board.models import Log
from voting.board.reading import entry_bundle, hash_tile, prefix_digits, proofs_for
from voting.domain import tiles
from voting.domain.ballots import MAX_BYTES
from voting.domain.refusal import Refusal
from voting.sentences import SENTENCES
from voting.services.casting import answers_to, parsed_manifest

STATUS = {
    "closed": 410, "key-used": 409, "not-open": 403, "not-found": 404, "too-long": 413,
    "text-plain": 415, "octet-stream": 415, "tile": 404, "busy": 503, "too-many-proofs": 404,
    "not-yet": 404,
}  # fmt: skip
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=1"


def refused(code: str, reason: str = "", *, poll: uuid.UUID | None = None) -> JsonResponse:
    """Problem details for a protocol code; ``reason`` is the precise one, in English."""
    next_page = f"{settings.SITE_ORIGIN}/polls/{poll}/" if poll else ""
    sentence = str(SENTENCES.get(code, reason))
    response = problem(STATUS.get(code, 422), code, sentence, next=next_page, reason=reason)
    if code == "busy":
        response["Retry-After"] = "2"
    return public(response, "no-store")


def public(response: HttpResponse, caching: str) -> HttpResponse:
    """Mark what anybody may read from anywhere: none of it depends on who asks."""
    response["Cache-Control"] = caching
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_POST
def ballot_cast(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    if request.content_type != "text/plain":
        return refused("text-plain", poll=poll)
    raw = request.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        return refused("too-long", poll=poll)
    (answer,) = answers_to(poll=poll, raws=[raw])
    return cast_answer(answer, poll)


def cast_answer(answer: bytes | Refusal, poll: uuid.UUID) -> HttpResponse:
    """What a voter's client gets to see of a ballot's promise or refusal."""
    if isinstance(answer, bytes):
        promise = HttpResponse(answer, status=202, content_type="application/json")
        return public(promise, "no-store")
    known = None if answer.code == "not-found" else poll
    return refused(answer.code, answer.sentence, poll=known)


@require_safe
def checkpoint_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    checkpoint = selectors.latest_checkpoint(poll)
    if checkpoint is None:
        return refused("not-found")
    return public(HttpResponse(checkpoint.note, content_type="text/plain; charset=utf-8"), BRIEFLY)


@require_safe
def tile_show(request: HttpRequest, poll: uuid.UUID, path: str) -> HttpResponse:
    log = Log.objects.filter(pk=poll).only("size").first()
    try:
        tile = tiles.parse_path(path)
    except Refusal as refusal:
        return refused("tile", refusal.sentence)
    if log is None or tiles.width(tile.level, tile.index, log.size) < tile.width:
        return refused("tile", "The log is not that long.")
    body = entry_bundle(poll, tile) if tile.level is None else hash_tile(poll, tile)
    return public(HttpResponse(body, content_type="application/octet-stream"), FOR_EVER)


@require_safe
def proofs_show(request: HttpRequest, poll: uuid.UUID, prefix: str) -> HttpResponse:
    checkpoint = selectors.latest_checkpoint(poll)
    if checkpoint is None:
        return refused("not-found")
    digits = "" if prefix == "all" else prefix
    allowed = prefix_digits(checkpoint.size)
    # One digit fewer is for a client whose checkpoint is a little older.
    if len(digits) not in (allowed, max(allowed - 1, 0)):
        return refused("too-many-proofs")
    proofs = proofs_for(checkpoint, digits)
    return public(HttpResponse(proofs, content_type="text/plain; charset=utf-8"), BRIEFLY)


BOOTH_POLICY = {
    "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"],
    "img-src": ["'self'"], "connect-src": ["'self'"], "base-uri": ["'none'"],
    "form-action": ["'none'"], "object-src": ["'none'"],
    "frame-ancestors": [settings.SITE_ORIGIN],
}  # fmt: skip


@require_safe
@xframe_options_exempt
@csp_replace(BOOTH_POLICY)
def booth_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    log = Log.objects.filter(pk=poll, size__gt=0).first()
    if log is None:
        return refused("not-found")
    manifest = parsed_manifest(bytes(log.manifest))
    context = {
        "poll": manifest.value,
        "manifest_json": manifest.raw.decode(),
        "manifest_sha256": manifest.sha256.hex(),
        "options": manifest.value["options"],
        "method": manifest.method,
        "params": manifest.params,
        "site_origin": settings.SITE_ORIGIN,
        "one_origin": settings.SITE_ORIGIN == settings.BOOTH_ORIGIN,
        "max_delay_s": manifest.batch["max_delay_s"],
    }
    response = render(request, "voting/booth.html", context)
    response["Cache-Control"] = "no-store"
    return response
