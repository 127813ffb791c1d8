"""The officer checks papers of whoever is there; each look is told to the person looked at."""

from datetime import date, time, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, Disclosure, User
from engage.identity.services.checking import (
    add_person,
    check_papers,
    find_by_email,
    find_by_papers,
    take_back,
)
from tests.voting.polls import person

BORN = date(1948, 2, 29)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    city = Area.objects.create(path="town", name="Town", kind="city")
    for key in ("mill", "hill"):
        Area.objects.create(path=f"town/{key}", name=key.title(), kind="district", parent=city)
    return city


@pytest.fixture
def mill(town):
    return Area.objects.get(path="town/mill")


def officer_of(path):
    clerk = person()
    clerk.grants.create(role="officer", area_id=path)
    return clerk


def refused(act, **told):
    with pytest.raises(DomainError) as error:
        act(**told)
    return error.value.code


def test_only_a_whole_confirmed_address_finds_somebody(town):
    clerk, somebody, unsure = person("officer"), person(), person(confirmed=False)
    assert find_by_email(email=f" {somebody.email.upper()} ", by=clerk) == somebody
    for part in (somebody.email[:-1], "%", "", unsure.email, "nobody@town.example"):
        assert refused(find_by_email, email=part, by=clerk) == "desk.nobody"
    assert list(Disclosure.objects.values_list("person", "by", "why")) == [
        (somebody.pk, clerk.pk, "search")
    ]


def test_residents_and_other_staff_look_nobody_up(town):
    somebody = person()
    for other in (person(), person("organiser"), person("moderator"), person("auditor")):
        assert refused(find_by_email, email=somebody.email, by=other) == "desk.forbidden"
        told = {"name": "A", "born_on": BORN, "by": other}
        assert refused(find_by_papers, **told) == "desk.forbidden"
        assert refused(add_person, area=town, **told) == "desk.forbidden"
    assert not Disclosure.objects.exists()
    assert not User.objects.filter(email=None).exists()


def test_papers_prove_a_person_in_an_area_for_five_years(mill):
    clerk, somebody = officer_of("town/mill"), person()
    claim = check_papers(person=somebody, name="Ada Byron", born_on=BORN, area=mill, by=clerk)
    assert (claim.level, claim.area, claim.born_on, claim.by) == (
        Level.IN_PERSON, mill, BORN, clerk
    )  # fmt: skip
    assert claim.expires_at > timezone.now() + timedelta(days=1800)
    assert "Ada" not in str(Claim.objects.values().get())
    assert find_by_papers(name="ADA  byron", born_on=BORN, by=clerk) == somebody
    assert list(Disclosure.objects.values_list("why", flat=True)) == ["search", "check"]


@pytest.mark.adversary("J3")
def test_no_look_says_to_the_minute_when_somebody_stood_there_to_vote_with_help(mill):
    clerk, somebody = officer_of("town/mill"), person()
    papers = {"name": "Ada Byron", "born_on": BORN}
    find_by_email(email=somebody.email, by=clerk)
    check_papers(person=somebody, area=mill, by=clerk, **papers)
    find_by_papers(by=clerk, **papers)
    moments = Disclosure.objects.values_list("at", flat=True)
    assert [timezone.localtime(at).time() for at in moments] == [time.min] * 3


def test_an_officer_s_rights_end_with_the_area(town, mill):
    clerk, somebody = officer_of("town/mill"), person()
    papers = {"name": "Ada", "born_on": BORN, "by": clerk}
    for area in (town, Area.objects.get(path="town/hill")):
        assert refused(check_papers, person=somebody, area=area, **papers) == "desk.forbidden"
    check_papers(person=somebody, area=mill, **papers)
    other = officer_of("town/hill")
    told = {"person": somebody, "level": Level.IN_PERSON, "reason": "moved"}
    assert refused(take_back, by=other, **told) == "desk.forbidden"
    assert Claim.objects.count() == 1


@pytest.mark.adversary("D14")
def test_nobody_checks_their_own_papers(mill):
    clerk = officer_of("town/mill")
    papers = {"name": "Ada", "born_on": BORN, "area": mill, "by": clerk}
    assert refused(check_papers, person=clerk, **papers) == "desk.own-papers"


def test_somebody_without_e_mail_is_added_once(mill):
    clerk = officer_of("town/mill")
    papers = {"name": "Ada Byron", "born_on": BORN, "area": mill, "by": clerk}
    added = add_person(**papers)
    assert (added.email, added.display_name, added.has_usable_password()) == (None, "", False)
    assert not EmailAddress.objects.filter(user=added).exists()
    assert refused(add_person, **papers) == "claim.subject-taken"
    assert User.objects.filter(email=None).count() == 1
    assert refused(check_papers, person=person(), **papers) == "claim.subject-taken"


def test_a_claim_is_taken_back_with_a_reason_that_the_person_sees(mill):
    clerk, somebody = officer_of("town/mill"), person()
    check_papers(person=somebody, name="Ada", born_on=BORN, area=mill, by=clerk)
    told = {"person": somebody, "level": Level.IN_PERSON, "by": clerk}
    with pytest.raises(ValueError, match="search"):
        take_back(reason="search", **told)
    for _twice in range(2):
        take_back(reason="mistake", **told)
    assert not Claim.objects.exists()
    assert Disclosure.objects.filter(why="mistake").count() == 1


def test_somebody_barred_is_not_found(mill):
    clerk, somebody = person("officer"), person()
    check_papers(person=somebody, name="Ada", born_on=BORN, area=mill, by=clerk)
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    assert refused(find_by_email, email=somebody.email, by=clerk) == "desk.nobody"
    assert refused(find_by_papers, name="Ada", born_on=BORN, by=clerk) == "desk.nobody"
