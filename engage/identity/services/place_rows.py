"""What the rows of a file of postcodes and streets mean: each says in which area it lies.

Deliberately absent: pieces and progress (``importing``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engage.identity.domain.places import postcode, street
from engage.identity.domain.tables import Row
from engage.identity.models import Area, Place
from engage.identity.subjects import folded

Key = tuple[str, str]
LONGEST = 80


@dataclass
class WeighedPlaces:
    """What a piece would do."""

    added: list[Place] = field(default_factory=list)
    changed: list[Place] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)

    def keep(self) -> None:
        """Add and change, in one statement."""
        Place.objects.bulk_create(
            [*self.added, *self.changed],
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["postcode", "street"],
            update_fields=["area"],
        )


class PlaceRows:
    """Rows with a postcode, perhaps a street, and an area by its path or its name."""

    columns = {
        "postcode": frozenset({"postcode", "post code", "postal code", "zip", "plz",
                               "postleitzahl"}),
        "street": frozenset({"street", "street name", "straße", "strasse", "straßenname"}),
        "area": frozenset({"area", "district", "ward", "gebiet", "bezirk", "stadtteil",
                           "ortsteil", "stadtbezirk"}),
    }  # fmt: skip
    needed = frozenset({"postcode", "area"})

    def __init__(self, rows: Sequence[Row]) -> None:
        self._areas: dict[str, set[str]] = {}
        for path, name in Area.objects.values_list("path", "name"):
            self._areas.setdefault(folded(name), set()).add(path)
        for path in Area.objects.values_list("path", flat=True):
            self._areas[path] = {path}
        self._first: dict[Key, int] = {}
        for row in rows:
            self._first.setdefault(_key(row), row.line)

    def weigh(self, rows: Sequence[Row]) -> WeighedPlaces:
        """What these rows would do, in one query."""
        weighed = WeighedPlaces()
        known = self._known({_key(row)[0] for row in rows})
        for row in rows:
            key = _key(row)
            if told := self._wrong_with(row, key):
                weighed.wrong.append((row.line, *told))
                continue
            (area,) = self._named(row)
            if known.get(key) != area:
                place = Place(postcode=key[0], street=key[1], area_id=area)
                (weighed.changed if key in known else weighed.added).append(place)
        return weighed

    def _known(self, postcodes: set[str]) -> dict[Key, str]:
        stored = Place.objects.filter(postcode__in=postcodes)
        rows = stored.order_by().values_list("postcode", "street", "area_id")
        return {(code, name): area for code, name, area in rows}

    def _named(self, row: Row) -> set[str]:
        named = row.cells["area"]
        return self._areas.get(named) or self._areas.get(folded(named), set())

    def _wrong_with(self, row: Row, key: Key) -> tuple[str, str] | None:
        told, named = row.cells["postcode"], row.cells["area"]
        if not key[0] or len(key[0]) > 16:
            return "postcode", told[:LONGEST]
        if len(key[1]) > 120 or (row.cells.get("street") and not key[1]):
            return "street", row.cells["street"][:LONGEST]
        if len(self._named(row)) != 1:
            return ("area-twice" if self._named(row) else "area"), named[:LONGEST]
        if self._first[key] != row.line:
            return "again", str(self._first[key])
        return None


def _key(row: Row) -> Key:
    return postcode(row.cells["postcode"]), street(row.cells.get("street", ""))
