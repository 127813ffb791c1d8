"""The tree of areas: adding, naming, drawing and removing. A path, once given, stays.

Deliberately absent: moving an area. Its path is in claims and polls; a new one is added instead.
"""

import json
from collections import Counter

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.domain.errors import DomainError
from engage.identity.domain.areas import SEPARATOR
from engage.identity.domain.geometry import MOST_CORNERS, read_boundary
from engage.identity.models import Area, Letter, User
from engage.identity.rules import may_administer

DEPTHS = (Area.Kind.CITY, Area.Kind.DISTRICT, Area.Kind.WARD)
PAGE = "/office/areas/"


@transaction.atomic
def add_area(*, name: str, parent: Area | None, by: User) -> Area:
    """An area in ``parent``; without one it is the city, of which there is one.

    Its path is made of its name and never changes. Raises DomainError("area.forbidden" |
    "area.too-deep" | "area.one-city").
    """
    _refuse_others(by, parent)
    depth = parent.path.count(SEPARATOR) + 1 if parent else 0
    if depth >= len(DEPTHS):
        raise DomainError("area.too-deep", _("A ward is the smallest area there is."), next=PAGE)
    path = _free_path(parent, name)
    try:
        with transaction.atomic():
            return Area.objects.create(path=path, name=name, kind=DEPTHS[depth], parent=parent)
    except IntegrityError as error:
        sentence = _("There is one city, and all else lies in it. Choose what the area lies in.")
        raise DomainError("area.one-city", sentence, next=PAGE) from error


@transaction.atomic
def rename_area(*, area: Area, name: str, by: User) -> None:
    """Call it ``name`` from now on, also in what is past. Raises DomainError("area.forbidden")."""
    _refuse_others(by, area)
    area.name = name
    area.save(update_fields=["name"])


@transaction.atomic
def draw_area(*, area: Area, geojson: str, by: User) -> None:
    """Give an area its boundary, or none for an empty text.

    Raises DomainError("area.forbidden" | "boundary.…") with what is wrong with the text.
    """
    _refuse_others(by, area)
    area.boundary = _boundary(geojson) if geojson.strip() else None
    area.save(update_fields=["boundary"])


@transaction.atomic
def remove_area(*, area: Area, by: User) -> None:
    """Remove an area that nothing needs.

    Raises DomainError("area.forbidden" | "area.in-use") that says what needs it.
    """
    _refuse_others(by, area)
    users = Counter[str]()
    users[_("postcodes and streets")] = area.places.count()
    users[_("letters on their way")] = Letter.objects.filter(area=area).count()
    if not +users:
        try:
            with transaction.atomic():
                area.delete()
        except ProtectedError as error:
            users.update(str(each._meta.verbose_name_plural) for each in error.protected_objects)
    if +users:
        raise _in_use(+users)


def _free_path(parent: Area | None, name: str) -> str:
    stem = slugify(name)[:50].strip("-_").replace("_", "-") or "area"
    inside = f"{parent.path}{SEPARATOR}" if parent else ""
    taken = set(
        Area.objects.filter(path__startswith=f"{inside}{stem}").values_list("pk", flat=True)
    )
    path, number = f"{inside}{stem}", 2
    while path in taken:
        path, number = f"{inside}{stem}-{number}", number + 1
    return path


def _boundary(text: str) -> dict:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = _("This is not JSON. Export the area again, as GeoJSON.")
        raise DomainError("boundary.json", sentence) from error
    try:
        return read_boundary(read)
    except ValueError as error:
        raise DomainError(f"boundary.{error}", _wrong_with_it(str(error))) from error


def _wrong_with_it(code: str) -> str:
    return {
        "kind": _("We need one Polygon or MultiPolygon: a single area, neither a line nor points."),
        "position": _("A corner is not on earth: first longitude, -180 to 180, then latitude."),
        "ring": _("A ring has fewer than four corners, or is no list of corners."),
        "open": _("A ring does not close: its last corner must be its first."),
        "size": ngettext(
            "It has more than %(n)d corner. Simplify it.",
            "It has more than %(n)d corners. Simplify it.",
            MOST_CORNERS,
        ) % {"n": MOST_CORNERS},
    }[code]  # fmt: skip


def _in_use(users: Counter[str]) -> DomainError:
    told = ", ".join(f"{what} ({number})" for what, number in sorted(users.items()))
    sentence = _("It is still needed by: %(what)s. Move or end these first.")
    return DomainError("area.in-use", sentence % {"what": told}, next=PAGE)


def _refuse_others(by: User, area: Area | None) -> None:
    if not may_administer(by, area.path if area else ""):
        sentence = _("Only this area's administrators change it.")
        raise DomainError("area.forbidden", sentence, next="/office/")
