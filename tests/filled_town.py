"""A town with something of every kind in it, and one person of every sort before its doors.

Each request is made in earnest and taken back afterwards, so that the next person finds the same
town. Deliberately absent: what anybody should be answered; that is ``tests/rights.py``.
"""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.signing import TimestampSigner
from django.db import connections, router
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from engage.identity import desk, participants
from engage.identity.domain.levels import Level
from engage.identity.mail import unsubscribe_address
from engage.identity.models import Area, Claim, Consent, Import, Letter, Place, RoleGrant, User
from engage.web.models import Text
from tests.filled_desk import desk_things, waiting_things
from tests.filled_talk import talk_things
from tests.voting import polls
from voting.models import Poll

PEOPLE = (
    "anonymous", "participant", "resident", "author", "moderator-elsewhere", "moderator-here",
    "organiser-elsewhere", "organiser-here", "officer-elsewhere", "officer", "auditor",
    "administrator-elsewhere", "administrator", "operator",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PART = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")
HERE, ELSEWHERE, UNUSED = "eddersford/millbank", "eddersford/hilltop", "eddersford/quayside"


@dataclass(frozen=True)
class Route:
    """One address of the URL conf. One without a name is called by its pattern."""

    name: str
    pattern: str
    parts: tuple[str, ...]
    view: Any

    def path(self, things: dict[str, Any]) -> str:
        filled_in = PART.sub(lambda part: str(things[part[1] or part[2]]), self.pattern)
        return "/" + filled_in.replace("^", "").replace("$", "")


def routes(
    resolver: URLResolver | None = None, space: str = "", before: str = "", parts: tuple = ()
) -> Iterator[Route]:
    """Every address there is, in the order in which it is found."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path, found = before + str(pattern.pattern), pattern.pattern
        named = [*found.converters, *getattr(found, "regex", found).groupindex]
        inner = tuple(dict.fromkeys([*parts, *named]))
        if isinstance(pattern, URLResolver):
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern, below, path, inner)
        elif isinstance(pattern, URLPattern):
            yield Route(
                space + pattern.name if pattern.name else path, path, inner, pattern.callback
            )


@dataclass
class Town:
    """``things`` fills the parts of addresses; ``variants`` are other things of the same kind."""

    people: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)

    def path(self, route: Route, variant: str = "") -> str:
        """Where ``route`` leads for the usual thing, for the route's own, or for a ``variant``."""
        own = {"object_id": _some_row(route.view)} if "object_id" in route.parts else {}
        own |= self.variants.get(route.name, {})
        return route.path(self.things | own | self.variants.get(variant, {}))

    def ask(self, person: str, method: str, path: str, *args: Any, **options: Any) -> Any:
        """The answer to one request of ``person``; whatever it changed is taken back."""
        with taken_back():
            return self.browser(person).generic(method, path, *args, **options)

    def try_out(self, client: Client, method: str, path: str, *args: Any, **options: Any) -> tuple:
        """The answer to one request and every row as it was then; it is taken back."""
        with taken_back():
            answer = client.generic(method, path, *args, **options)
            return answer, table_rows()

    def browser(self, person: str, **options: Any) -> Client:
        """A browser of ``person`` that leaves the one kept here as it was."""
        client = Client(headers={"Accept": "text/html"}, raise_request_exception=False, **options)
        client.cookies.load({k: v.value for k, v in self.clients[person].cookies.items()})
        return client


@contextmanager
def taken_back() -> Iterator[None]:
    with ExitStack() as stack:
        for using in connections:
            stack.enter_context(polls.taken_back(using))
        yield


def _some_row(view: Any) -> Any:
    """The key of a thing that this operators' page is about, if there is one in the town."""
    model = getattr(getattr(view, "model_admin", None), "model", User)
    return model._base_manager.values_list("pk", flat=True).first() or 1


def filled(*, fresh: bool = True) -> Town:
    """A new town; needs both databases. ``fresh``: everybody signed in a moment ago."""
    town, areas = Town(), _areas()
    _polls(town, areas)
    _people(town, areas)
    _papers(town, areas)
    _addresses(town)
    town.variants |= desk_things(town.people["resident"], areas["here"])
    things, variants = talk_things(town.people, areas["here"])
    town.things |= things
    town.variants |= variants
    held, hidden = (variants[standing]["post"] for standing in ("held", "hidden"))
    town.variants |= waiting_things(town.people, areas["here"], held, hidden)
    for name in town.people:
        _sign_in(town, name, time.time() if fresh else 0)
    town.clients["participant"].get(f"/polls/{town.things['poll']}/")
    return town


def _sign_in(town: Town, name: str, at: float) -> None:
    """Everybody has looked the resident up, if only they may: that alone opens no page."""
    client, person = town.clients[name], town.people[name]
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[desk.SESSION_KEY] = {
        str(town.people["resident"].pk): (timezone.now() + desk.LASTS).isoformat()
    }
    if name == "resident":
        session[participants.SESSION_KEY] = str(uuid.uuid4())  # took part before they signed in
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": at}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()


def _areas() -> dict[str, Area]:
    city = Area.objects.create(path="eddersford", name="Eddersford", kind="city")
    inner = [
        Area.objects.create(path=path, name=path.title(), kind="district", parent=city)
        for path in (HERE, ELSEWHERE, UNUSED)
    ]
    return {"": city, "here": inner[0], "elsewhere": inner[1]}


def _people(town: Town, areas: dict[str, Area]) -> None:
    for name in PEOPLE:
        town.clients[name] = Client()
        if name in ("anonymous", "participant"):
            continue
        role, _dash, where = name.partition("-")
        person = polls.person("resident", display_name=name.title())
        if role in RoleGrant.Role.values:
            RoleGrant.objects.create(person=person, role=role, area=areas[where] if where else None)
        town.people[name] = person
    _past(town.people["author"], areas["here"])
    operator = town.people["operator"]
    operator.is_staff = operator.is_superuser = True
    operator.save()


def _past(author: User, area: Area) -> None:
    """Somebody who wrote every poll while they were trusted to."""
    Poll.objects.update(organiser=author)
    then, now = timezone.now() - timedelta(days=90), timezone.now() - timedelta(minutes=1)
    RoleGrant.objects.create(person=author, role="organiser", area=area, since=then, until=now)


def _polls(town: Town, areas: dict[str, Area]) -> None:
    fields = {"area": areas["here"]}
    made = {
        "open": polls.opened(**fields), "draft": polls.draft(**fields),
        "coming": polls.coming(**fields), "decided": polls.decided(**fields),
        "other": polls.draft(area=areas["elsewhere"]),
    }  # fmt: skip
    for state, poll in made.items():
        town.variants[state] = {"poll": poll.pk, "name": poll.topic}
    town.things |= town.variants["open"]
    town.things |= {"path": "0/000.p/1", "prefix": "all", "deed": "close"}
    for deed, state in (("announce", "draft"), ("open", "coming"), ("annul", "open")):
        town.variants[deed] = town.variants[state] | {"deed": deed}


def _papers(town: Town, areas: dict[str, Area]) -> None:
    resident, now = town.people["resident"], timezone.now()
    Claim.objects.create(person=resident, level=Level.ADDRESS, area=areas["here"], source="letter")
    letters = [
        Letter.objects.create(
            person=person, name="A. Author", street="Mill Lane 1", postcode="ED11AA",
            area=areas["here"], expires_at=now + timedelta(days=30), printed_at=printed,
        )
        for person, printed in ((polls.person(), None), (town.people["author"], now))
    ]  # fmt: skip
    key = Authenticator.objects.create(
        user=polls.person(), type="webauthn", data={"name": "My phone", "credential": {}}
    )
    Place.objects.create(postcode="ED11AA", area=areas["here"])
    Text.objects.create(slug="privacy", language="en", version=1, title="Privacy", body="Little.")
    file = Import.objects.create(
        kind="places",
        rows=b"",
        by=town.people["administrator"],
        state=Import.State.DONE,
        total=1,
        done=1,
    )
    consent = Consent.objects.create(person=resident, text="assisted", version=1)
    grant = town.people["moderator-here"].grants.get()
    town.things |= {
        "letter": letters[0].pk, "author-letter": letters[1].pk, "grant": grant.pk, "file": file.pk,
        "pk": key.pk, "key": resident.pk, "level": int(Level.ADDRESS), "slug": "privacy",
        "language": "en", "rest": "reset/", "uidb36": "1", "content_type_id": 1, "url": "none",
        "app_label": "identity", "person": resident.pk, "consent": consent.pk,
    }  # fmt: skip


def _addresses(town: Town) -> None:
    """What stands in addresses of single routes; links that were made for the resident."""
    resident = town.people["resident"]
    export = TimestampSigner(salt=f"engage.identity.export.{resident.pk}").sign("json")
    stop = unsubscribe_address(resident, "polls").rstrip("/").rpartition("/")[2]
    file = {"key": town.things["file"], "name": f"import.{town.things['file']}"}
    town.variants |= {
        "you-download-file": {"token": export}, "mail-stop": {"token": stop}, "file": file,
        "area-name": {"key": HERE}, "area-boundary": {"key": HERE}, "area-remove": {"key": UNUSED},
        "account_reset_password_from_key": {"key": "none"},
    }  # fmt: skip
    town.variants |= dict.fromkeys(
        ["import", "import-report", "import-carry-out", "import-give-up"], file
    )


Rows = dict[str, dict[str, dict[str, Any]]]
"""Model, key, column: what stands there."""


def table_rows() -> Rows:
    """Every row of every table but the sessions, which every visit may change."""
    found: Rows = {}
    for model in apps.get_models():
        if model is Session:
            continue
        columns = [column.attname for column in model._meta.concrete_fields]
        rows = model._base_manager.using(router.db_for_read(model)).values_list("pk", *columns)
        found[model._meta.label] = {
            repr(pk): dict(zip(columns, map(_comparable, values), strict=True))
            for pk, *values in rows
        }
    return found


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def differences(before: Rows, after: Rows) -> dict[str, list[dict[str, Any]]]:
    """The rows of each model that are there now and were not; "gone" for those that went."""
    found = {}
    for model, rows in after.items():
        old = before[model]
        told = [row for key, row in rows.items() if old.get(key) != row]
        told += [{"gone": key} for key in old if key not in rows]
        if told:
            found[model] = sorted(told, key=repr)
    return found
