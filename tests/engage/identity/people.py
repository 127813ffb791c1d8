"""A resident of whom everything is held that can be, and browsers that are signed in as them."""

import uuid
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.models import (
    Area,
    Assistance,
    Consent,
    Disclosure,
    Letter,
    OptOut,
    RoleGrant,
    User,
)
from engage.identity.services.claiming import record_claim
from tests.signing import sign_in_afresh

NAME, ADDRESS = "Zenobia Quill", "zenobia.quill@town.example"
TRACES = (NAME, ADDRESS, "zenobia.second@town.example", "Weir Lane 77", "subject-of-zenobia",
          "outside-7f3a")  # fmt: skip
"""Words that stand nowhere but in what is held of her."""


def browser(person: User | None = None, *, fresh: bool = False) -> Client:
    """A browser, signed in as ``person``; ``fresh``: she has just shown that it is her."""
    client = Client(headers={"Accept": "text/html"})
    if person and fresh:
        sign_in_afresh(client, person, "mfa")
    elif person:
        client.force_login(person)
    return client


def town() -> tuple[Area, Area]:
    """The city and one part of it."""
    city = Area.objects.get_or_create(path="eddersford", name="Eddersford", kind="city")[0]
    part = {"name": "Millbank", "kind": "district", "parent": city}
    return city, Area.objects.get_or_create(path="eddersford/millbank", defaults=part)[0]


def clerk() -> User:
    """An electoral officer of Millbank."""
    person = User.objects.create_user(f"clerk-{uuid.uuid4().hex[:8]}@town.example")
    RoleGrant.objects.create(
        person=person, role="officer", area=town()[1], since=timezone.now() - timedelta(days=9)
    )
    return person


def resident_with_everything() -> User:
    """Zenobia Quill, of whom there is at least one row in every table that can hold one."""
    now = timezone.now()
    person = User.objects.create_user(ADDRESS, display_name=NAME)
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email=TRACES[2], verified=False)
    by, millbank = clerk(), town()[1]
    record_claim(person=person, level=Level.ADDRESS, source="letter", area=millbank)
    record_claim(
        person=person, level=Level.IN_PERSON, source="papers", area=millbank,
        born_on=date(1980, 5, 17), subject="subject-of-zenobia", by=by,
    )  # fmt: skip
    Letter.objects.create(
        person=person, name=NAME, street="Weir Lane 77", postcode="ED1 2AB", area=millbank,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    consent = Consent.objects.create(person=person, text="assisted", version=3)
    Assistance.objects.create(
        person=person, clerk=by, channel="phone", consent=consent, topic="poll.x",
        on=timezone.localdate(),
    )  # fmt: skip
    OptOut.objects.create(person=person, about="polls")
    Disclosure.objects.create(person=person, by=by, why="assist")
    RoleGrant.objects.create(
        person=person, role="moderator", since=now - timedelta(days=9),
        until=now - timedelta(days=1), by=by,
    )  # fmt: skip
    Authenticator.objects.create(user=person, type="totp", data={"secret": "s-of-zenobia"})
    SocialAccount.objects.create(
        user=person, provider="town", uid="outside-7f3a", extra_data={"name": NAME}
    )
    LogEntry.objects.create(
        user=User.objects.create_user(f"op-{uuid.uuid4().hex[:8]}@town.example", is_staff=True),
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=NAME, action_flag=CHANGE, change_message="Changed name.",
    )  # fmt: skip
    return person
