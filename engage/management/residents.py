"""Who lives in Eddersford and where, and who works for it; brought to life by the real services.

Idempotent: what is there already, by its path, address or papers, is left as it is.
"""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress

from engage.identity import subjects
from engage.identity.domain.levels import Level
from engage.identity.domain.places import postcode as one_spelling
from engage.identity.domain.roles import Role
from engage.identity.models import Area, Claim, Place, RoleGrant, User
from engage.identity.services.claiming import record_claim

TOWN = "eddersford"
AREAS = (  # path, name, kind, two corners of its boundary, postcodes
    (TOWN, "Eddersford", "city", (-1.90, 53.70, -1.84, 53.74), ()),
    (f"{TOWN}/old-town", "Old Town", "district", (-1.90, 53.72, -1.87, 53.74), ("ED1 1AA",)),
    (f"{TOWN}/hilltop", "Hilltop", "district", (-1.87, 53.72, -1.84, 53.74), ("ED2 3HT",)),
    (f"{TOWN}/millbank", "Millbank", "district", (-1.90, 53.70, -1.87, 53.72), ("ED1 4MB",)),
    (f"{TOWN}/quayside", "Quayside", "district", (-1.87, 53.70, -1.84, 53.72), ("ED1 5QS",)),
)
OPERATOR = ("operator@eddersford.example", "Town operator")


@dataclass(frozen=True)
class Person:
    """An account: its address and name, a role or none, and what is known of where they live."""

    email: str
    name: str
    role: str = "resident"
    level: Level = Level.EMAIL
    area: str = ""
    born: date | None = None


PEOPLE = (
    Person("organiser@eddersford.example", "Maud Fenwick", "organiser"),
    Person("moderator@eddersford.example", "Tomas Brandt", "moderator"),
    Person("colleague@eddersford.example", "Ruth Bell", "moderator"),
    Person("officer@eddersford.example", "Grace Okafor", "officer"),
    Person("auditor@eddersford.example", "Piotr Lind", "auditor"),
    Person("administrator@eddersford.example", "Leila Marsh", "administrator"),
    Person(
        "resident@eddersford.example", "Ines Calder", level=Level.ADDRESS, area=f"{TOWN}/millbank"
    ),
    Person(
        "neighbour@eddersford.example", "Joseph Adeyemi", level=Level.IN_PERSON,
        area=f"{TOWN}/hilltop", born=date(1961, 2, 11),
    ),
    Person(
        "pupil@eddersford.example", "Sam Tierney", level=Level.IN_PERSON,
        area=f"{TOWN}/millbank", born=date(2010, 5, 4),
    ),
    Person("newcomer@eddersford.example", "Yusuf Baran"),
)  # fmt: skip
WITHOUT_EMAIL = ("Agnes Whitlock", date(1938, 3, 9), f"{TOWN}/quayside")


def fill_areas() -> None:
    """The town and its districts, each with a boundary and a postcode."""
    for path, name, kind, corners, postcodes in AREAS:
        parent, boundary = path.rpartition("/")[0] or None, _rectangle(*corners)
        known = {"name": name, "kind": kind, "parent_id": parent, "boundary": boundary}
        area, _new = Area.objects.get_or_create(path=path, defaults=known)
        for postcode in postcodes:
            spelt = one_spelling(postcode)
            Place.objects.get_or_create(postcode=spelt, street="", defaults={"area": area})


def _rectangle(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def fill_people() -> User:
    """Everybody of the town, with confirmed addresses; returns the organiser."""
    fill_areas()
    for person in PEOPLE:
        user, _new = User.objects.get_or_create(
            email=person.email, defaults={"display_name": person.name}
        )
        confirm(user)
        _know(user, person)
        if person.role in Role.__members__.values():
            RoleGrant.objects.get_or_create(person=user, role=person.role, area=None)
    if not User.objects.filter(email=OPERATOR[0]).exists():
        confirm(User.objects.create_superuser(OPERATOR[0], display_name=OPERATOR[1]))
    _fill_in_who_has_no_email(*WITHOUT_EMAIL)
    return User.objects.get(email=PEOPLE[0].email)


def confirm(user: User) -> None:
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _know(user: User, person: Person) -> None:
    if not person.area or Claim.objects.filter(person=user, level=person.level).exists():
        return
    area = Area.objects.get(pk=person.area)
    subject = subjects.of_papers(person.name, person.born) if person.born else ""
    record_claim(
        person=user, level=person.level, source="desk" if person.born else "letter", area=area,
        born_on=person.born, subject=subject,
    )  # fmt: skip


def _fill_in_who_has_no_email(name: str, born: date, area: str) -> None:
    digest = subjects.of_papers(name, born)
    if not Claim.objects.filter(level=Level.IN_PERSON, subject=digest).exists():
        record_claim(
            person=User.objects.create_user(None), level=Level.IN_PERSON, source="desk",
            area=Area.objects.get(pk=area), born_on=born, subject=digest,
        )  # fmt: skip
