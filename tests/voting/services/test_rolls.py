"""The roll that is drawn at the announcement: by the rule, for a whole town in a few questions."""

import uuid
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.models import Claim, User
from tests.voting import areas, polls
from voting.models import RollEntry

pytestmark = pytest.mark.django_db


def town(number):
    """That many people: a third without an address, a third here, a third elsewhere."""
    people = User.objects.bulk_create(
        User(pk=uuid.uuid4(), email=f"{n}@roll-{number}.example", password="!")
        for n in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in people
    )
    here, elsewhere = areas.area(), areas.area(areas.ELSEWHERE)
    Claim.objects.bulk_create(
        Claim(
            person=person, level=Level.ADDRESS, source="test",
            area=here if n % 3 == 1 else elsewhere,
            made_at=timezone.now() - timedelta(minutes=1),
        )
        for n, person in enumerate(people)
        if n % 3
    )  # fmt: skip
    return people


def announced(poll):
    """The poll with its keys made and its roll drawn, and how often it read."""
    with CaptureQueriesContext(connections["default"]) as asked:
        polls.prepare_poll(poll=poll)
    return [query["sql"] for query in asked if query["sql"].startswith("SELECT")]


@pytest.mark.parametrize("whom", [{"area": areas.HERE, "level": 2}, {"level": 1}])
def test_ten_thousand_residents_are_asked_about_as_seldom_as_ten(whom):
    """Every thousand commitments are a leaf; nothing is read for each resident."""
    counts = []
    for number in (12, 10_000):
        EmailAddress.objects.all().delete()
        Claim.objects.all().delete()
        people = town(number)
        area = areas.area(whom["area"]) if "area" in whom else None
        poll = polls.draft(who="roll", area=area, level=whom["level"])
        polls.announce_poll(poll=poll, by=poll.organiser)
        polls.IssuerKey.objects.create(poll=poll, pem=polls.issuer_key())
        counts.append(len(announced(poll)))
        asked = {p.pk for n, p in enumerate(people) if n % 3 == 1} if area else {
            p.pk for p in people
        }  # fmt: skip
        on_roll = set(RollEntry.objects.filter(poll=poll).values_list("resident", flat=True))
        assert on_roll - {poll.organiser.pk} == asked
    assert counts[0] == counts[1] <= 20


def test_a_roll_holds_whom_the_rule_asks_on_that_day():
    grown = date(1980, 1, 1)
    day = timezone.localdate()
    people = {
        "old enough": areas.resident(level=Level.IN_PERSON, born=grown),
        "too young": areas.resident(level=Level.IN_PERSON, born=day - timedelta(days=3_000)),
        "of no known age": areas.resident(level=Level.IN_PERSON),
        "less sure": areas.resident(level=Level.ADDRESS, born=grown),
        "elsewhere": areas.resident(areas.ELSEWHERE, Level.IN_PERSON, grown),
        "shut out": areas.resident(level=Level.IN_PERSON, born=grown, is_active=False),
        "in a street": areas.resident(areas.STREET, Level.NATIONAL, grown),
    }
    poll = polls.announced(who="roll", area=areas.area(), level=3, age_from=16)
    drawn = set(RollEntry.objects.filter(poll=poll).values_list("resident", flat=True))
    assert {name for name, person in people.items() if person.pk in drawn} == {
        "old enough",
        "in a street",
    }
    assert polls.manifest_of(poll).roll["size"] == 2
