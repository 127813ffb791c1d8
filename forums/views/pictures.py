"""Pictures: sent with a post's form or ahead of it by a script, shown to whoever may see the post.

Deliberately absent: an address that works without asking who looks.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_POST, require_safe

from engage.domain.errors import DomainError
from engage.domain.sanitise.pictures import MOST_BYTES
from engage.web.limits import TooMany, spend
from forums.models import Picture
from forums.selectors.pictures import seen_picture
from forums.services.picturing import MOST_IN_A_POST, add_picture, refusal, waiting
from forums.views.answers import kept_by_nobody

ENDINGS = {"jpeg": "jpg", "png": "png", "webp": "webp"}
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Picked:
    """What a post's form brings along; ``stays`` is whether it is shown again, not sent."""

    pictures: tuple[Picture, ...] = ()
    alt: str = ""
    error: str = ""
    stays: bool = False

    @property
    def keys(self) -> tuple[uuid.UUID, ...]:
        return tuple(picture.pk for picture in self.pictures)

    @property
    def full(self) -> bool:
        return len(self.pictures) >= MOST_IN_A_POST


def picked_in(request: HttpRequest) -> Picked:
    """The pictures of a form for a post, with the one whose file it brings; GET has none."""
    if request.method != "POST":
        return Picked()
    kept = [key for key in request.POST.getlist("picture") if key != request.POST.get("drop")]
    found = _own(request, kept)
    alt, error = request.POST.get("picture_alt", ""), ""
    asked = request.POST.get("act") == "picture"
    if asked or "picture_file" in request.FILES:
        try:
            if len(found) < MOST_IN_A_POST:
                found, alt = (*found, _added(request)), ""
        except TooMany:
            raise
        except DomainError as refused:
            error = refused.sentence
    return Picked(found, alt, error, asked or bool(error) or "drop" in request.POST)


def _own(request: HttpRequest, typed: list[str]) -> tuple[Picture, ...]:
    """Those of the named pictures that wait and are the sender's own, in the order of the form."""
    keys = []
    for each in typed[: 2 * MOST_IN_A_POST]:
        try:
            keys.append(uuid.UUID(each))
        except ValueError:
            continue
    found = waiting(request.user).in_bulk(keys)
    return tuple(found[key] for key in dict.fromkeys(keys) if key in found)[:MOST_IN_A_POST]


def _added(request: HttpRequest) -> Picture:
    """Keep the picture that the request brings. Raises DomainError."""
    spend("picture", request)
    sent = request.FILES.get("picture_file")
    if sent is None:
        raise refusal("kind")
    if sent.size > MOST_BYTES:
        raise refusal("large")
    alt = request.POST.get("picture_alt", "")
    return add_picture(by=request.user, alt=alt, raw=sent.read())


@require_POST
@login_required
def picture_new(request: HttpRequest) -> HttpResponse:
    """For scripts: the picture's key and address, to go along with the form."""
    made = _added(request)
    return kept_by_nobody(request, JsonResponse(_told(made), status=201))


def _told(picture: Picture) -> dict[str, Any]:
    return {"id": str(picture.pk), "url": f"/pictures/{picture.pk}/", "alt": picture.alt}


@require_safe
def picture_show(request: HttpRequest, picture: uuid.UUID) -> HttpResponse:
    found = seen_picture(request.user, picture)
    if found is None:
        raise Http404
    tag = f'"{found.pk}"'
    known = tag in parse_etags(request.headers.get("If-None-Match", ""))
    kind = f"image/{found.kind}"
    response = HttpResponse(b"" if known else bytes(found.content), content_type=kind)
    response.status_code = 304 if known else 200
    response["ETag"] = tag
    name = f"{found.pk}.{ENDINGS[found.kind]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SEALED
    response["Cache-Control"] = "public, max-age=60" if found.everybody else "private, no-store"
    patch_vary_headers(response, ["Cookie"])
    return response
