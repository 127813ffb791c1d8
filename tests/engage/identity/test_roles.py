"""Who may give, see and end which role, and that an area never ends without administrators."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.models import Area, Disclosure, RoleGrant
from engage.identity.rules import is_staff_of_any_kind, may_organise_anywhere, trusted_areas
from engage.identity.services.trusting import end_role, give_role
from tests.signing import sign_in_afresh
from tests.voting import polls

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def areas():
    city = Area.objects.create(path="town", name="Town", kind="city")
    inner = {
        name: Area.objects.create(path=f"town/{name}", name=name, kind="district", parent=city)
        for name in ("hill", "mill")
    }
    return {"": None, "town": city, **inner}


def trusted(role, area=None, **fields):
    person = polls.person()
    RoleGrant.objects.create(person=person, role=role, area=area, **fields)
    return person


def browser(user):
    client = Client(headers={"Accept": "text/html"})
    sign_in_afresh(client, user)
    return client


def form(person, role="moderator", area="*", **more):
    return {"email": person.email, "role": role, "area": area, **more}


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(-2, None, True), (-2, 1, True), (-2, -1, False), (1, None, False), (1, 2, False)],
)
def test_only_a_role_in_force_makes_somebody_staff(since, until, holds):
    now = timezone.now()
    person = trusted("organiser", since=now + since * DAY, until=until and now + until * DAY)
    assert is_staff_of_any_kind(person) == may_organise_anywhere(person) == holds
    assert (trusted_areas(person, "organiser") == [""]) == holds
    assert browser(person).get("/office/").status_code == (200 if holds else 403)


GIVER = [  # the giver's role and area, then in which areas they may give a role
    ("administrator", "", {"", "town", "hill", "mill"}),
    ("administrator", "town", {"town", "hill", "mill"}),
    ("administrator", "mill", {"mill"}),
    ("auditor", "", set()),
    ("officer", "", set()),
    ("organiser", "", set()),
    ("moderator", "", set()),
]


@pytest.mark.adversary("D1")
@pytest.mark.parametrize(("role", "where", "allowed"), GIVER)
def test_nobody_gives_beyond_their_own_area(areas, role, where, allowed):
    giver, given = trusted(role, areas[where]), set()
    for name, area in areas.items():
        try:
            give_role(person=polls.person(), role="moderator", area=area, by=giver)
            given.add(name)
        except DomainError as refusal:
            assert refusal.code == "role.forbidden"
    assert given == allowed


@pytest.mark.adversary("D1")
@pytest.mark.parametrize("role", RoleGrant.Role.values)
def test_nobody_widens_their_own_rights(role):
    giver = trusted("administrator")
    with pytest.raises(DomainError, match=r"others than themselves"):
        give_role(person=giver, role=role, area=None, by=giver)
    answer = browser(giver).post("/office/roles/new/", form(giver, role))
    assert b"to themselves" in answer.content
    assert list(giver.grants.values_list("role", flat=True)) == ["administrator"]


def test_a_browser_left_open_gives_no_role():
    giver, person = trusted("administrator"), polls.person()
    client = Client(headers={"Accept": "text/html"})
    sign_in_afresh(client, giver, ago=3_600)
    for answer in (
        client.get("/office/roles/new/"),
        client.post("/office/roles/new/", form(person)),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/")
    assert not person.grants.exists()


def test_a_role_is_given_once_and_says_by_whom(areas):
    giver, person = trusted("administrator"), polls.person()
    first = give_role(person=person, role="officer", area=areas["mill"], by=giver)
    assert give_role(person=person, role="officer", area=areas["mill"], by=giver) == first
    assert Disclosure.objects.filter(person=person).count() == 1, "and is told once"
    assert first.by == giver
    seen = Disclosure.objects.filter(person=person)
    assert {(row.by, row.why) for row in seen} == {(giver, Disclosure.Why.ROLES)}


def test_a_role_that_ended_stays_in_the_history_and_may_be_given_again(areas):
    giver, person = trusted("administrator"), polls.person()
    grant = give_role(person=person, role="officer", area=areas["mill"], by=giver)
    end_role(grant=grant, by=giver)
    ended = RoleGrant.objects.get(pk=grant.pk).until
    assert ended is not None
    end_role(grant=grant, by=giver)
    assert RoleGrant.objects.get(pk=grant.pk).until == ended
    assert give_role(person=person, role="officer", area=areas["mill"], by=giver) != grant
    assert person.email.encode() in browser(giver).get("/office/roles/ended/").content


LAST = [  # the area of the one who goes, the area of another administrator, may it end?
    ("", None, False), ("", "", True), ("", "town", False), ("mill", "", True),
    ("mill", "town", True), ("mill", "hill", False), ("town", "mill", False),
]  # fmt: skip


@pytest.mark.parametrize(("going", "other", "may"), LAST)
def test_the_last_administrator_of_an_area_cannot_go(areas, going, other, may):
    leaving = trusted("administrator", areas[going])
    if other is not None:
        trusted("administrator", areas[other])
    grant = leaving.grants.get()
    if may:
        end_role(grant=grant, by=leaving)
    else:
        with pytest.raises(DomainError) as refused:
            end_role(grant=grant, by=leaving)
        assert refused.value.code == "role.last.conflict"
    assert (RoleGrant.objects.get(pk=grant.pk).until is not None) == may


def test_an_administrator_who_is_barred_is_nobody_left(areas):
    leaving, barred = trusted("administrator"), trusted("administrator")
    barred.is_active = False
    barred.save()
    with pytest.raises(DomainError):
        end_role(grant=leaving.grants.get(), by=leaving)


def test_an_operator_may_end_even_the_last_one():
    last = trusted("administrator")
    end_role(grant=last.grants.get(), by=polls.person(is_superuser=True))
    assert not is_staff_of_any_kind(polls.User.objects.get(pk=last.pk))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one(at_once):
    pair = [trusted("administrator") for _ in range(2)]
    grants = [person.grants.get() for person in pair]
    answers = at_once(lambda i: end_role(grant=grants[1 - i], by=pair[i]), 2)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert RoleGrant.objects.filter(until=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_role_given_by_many_at_once_is_one(at_once):
    givers, person = [trusted("administrator") for _ in range(8)], polls.person()
    grants = at_once(lambda i: give_role(person=person, role="officer", area=None, by=givers[i]), 8)
    assert len({grant.pk for grant in grants}) == 1


@pytest.mark.adversary("C12")
@pytest.mark.parametrize("kind", ["unknown", "unproved", "barred", "without"])
def test_only_an_address_that_somebody_proved_can_be_trusted(kind):
    giver, person = trusted("administrator"), polls.person(confirmed=kind != "unproved")
    person.is_active = kind != "barred"
    person.save()
    address = {"unknown": "nobody@town.example", "without": ""}.get(kind, person.email)
    answer = browser(giver).post("/office/roles/new/", {**form(person), "email": address})
    assert answer.status_code == 200
    assert RoleGrant.objects.count() == 1


def test_the_form_gives_a_role_in_an_area_that_is_one_s_own(areas):
    giver, person = trusted("administrator", areas["mill"]), polls.person()
    client = browser(giver)
    page = client.get("/office/roles/new/").content.decode()
    assert "town/mill" in page
    assert "town/hill" not in page
    assert 'value="*"' not in page
    for foreign in ("town/hill", "town", "*", "", "town/milll", "town/mill/"):
        client.post("/office/roles/new/", form(person, area=foreign))
        assert not person.grants.exists(), foreign
    answer = client.post("/office/roles/new/", form(person, area="town/mill"))
    assert answer.status_code == 302
    assert str(person.grants.get()) == "Moderator, town/mill"


@pytest.mark.adversary("D2")
@pytest.mark.parametrize(
    ("role", "where", "expected"),
    [("administrator", "mill", 302), ("administrator", "hill", 404), ("auditor", "mill", 403),
     ("auditor", "hill", 404), ("officer", "mill", 403)],
)  # fmt: skip
def test_ending_by_number_ends_only_one_s_own(areas, role, where, expected):
    grant = trusted("moderator", areas["mill"]).grants.get()
    client = browser(trusted(role, areas[where]))
    assert client.post(f"/office/roles/{grant.pk}/end/").status_code == expected
    assert client.post("/office/roles/99999/end/").status_code == (
        403 if role == "officer" else 404
    )
    ended = RoleGrant.objects.get(pk=grant.pk).until is not None
    assert ended == (expected == 302)


def asked(client, path):
    client.get(path)
    with CaptureQueriesContext(connections["default"]) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(queries)


# Page -> queries: the session, the person and their roles are three of them.
COUNTS = {"/office/": 4, "/office/roles/": 5, "/office/roles/ended/": 5, "/office/audit/": 8}


@pytest.mark.parametrize("path", COUNTS)
def test_pages_ask_the_same_for_one_and_for_three(areas, path):
    reader = trusted("auditor")
    client, counts = browser(reader), []
    for number in (1, 3):
        for _ in range(number):
            give_role(
                person=polls.person(), role="officer", area=areas["mill"],
                by=trusted("administrator"),
            )  # fmt: skip
            trusted("officer", areas["hill"], since=timezone.now() - DAY, until=timezone.now())
            polls.announced()
        counts.append(asked(client, path))
    assert counts == [COUNTS[path]] * 2


@pytest.mark.adversary("D7")
@pytest.mark.parametrize("path", ["/office/roles/", "/office/roles/ended/", "/office/audit/"])
def test_odd_pages_are_a_page(path):
    client = browser(trusted("auditor"))
    for odd in (
        "0",
        "-1",
        "9" * 30,
        "x",
        "%00",
        "1&person__email__startswith=a&o=person__password",
    ):
        assert client.get(f"{path}?page={odd}").status_code == 200


def test_the_auditor_s_page_names_clerks_and_nobody_whom_they_served(areas):
    clerk, served = trusted("officer"), polls.person()
    Disclosure.objects.create(person=served, by=clerk, why=Disclosure.Why.SEARCH)
    page = browser(trusted("auditor")).get("/office/audit/").content.decode()
    assert clerk.email in page
    assert served.email not in page
    assert str(served.pk) not in page
