"""What is missing for whom: on the poll's page with a way on, and as codes for programs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.participants import Participant
from tests.voting import areas, polls
from tests.voting.views.test_organising import browser
from tests.voting.views.test_pass import Person, blinded, problem
from voting.models import Pass
from voting.pages import standing_of

pytestmark = pytest.mark.django_db
YOUNG, GROWN = timezone.localdate() - timedelta(days=10 * 365), date(1980, 1, 1)
SIGN_IN = "/accounts/login/?next="
PLACE, POLLS = "/you/place/", "/polls/"

PEOPLE = {
    "stranger": lambda: None,
    "newcomer": lambda: polls.person(),
    "unconfirmed": lambda: polls.person(confirmed=False),
    "elsewhere": lambda: areas.resident(areas.ELSEWHERE),
    "here": lambda: areas.resident(areas.HERE),
    "in a street here": lambda: areas.resident(areas.STREET),
    "checked here": lambda: areas.resident(areas.HERE, Level.IN_PERSON, GROWN),
    "a child here": lambda: areas.resident(areas.HERE, Level.IN_PERSON, YOUNG),
    "officer here": lambda: areas.staff("officer"),
    "organiser here": lambda: areas.staff("organiser"),
}

# A rule -> who asks -> (codes that are missing, where the first step leads); without one: nothing.
OWN = {"stranger": (["stranger"], SIGN_IN)}
NO_ADDRESS = (["level", "area-unknown"], PLACE)
LETTERS = dict.fromkeys(("newcomer", "unconfirmed", "officer here", "organiser here"), NO_ADDRESS)
RULES = {
    "residents here": (
        {"who": "residents", "area": areas.HERE},
        OWN | LETTERS | {"elsewhere": (["area"], PLACE)},
    ),
    "everybody with an address": (
        {"who": "account"},
        OWN | {"unconfirmed": (["level"], "/accounts/email/")},
    ),
    "grown-ups checked in person": (
        {"who": "residents", "level": 3, "age_from": 16},
        OWN
        | dict.fromkeys(
            ["newcomer", "unconfirmed", "officer here", "organiser here", "elsewhere", "here",
             "in a street here"], (["level", "age-unknown"], PLACE)
        )
        | {"a child here": (["age"], POLLS)},
    ),
    "those of an age with an address": (
        {"who": "residents", "level": 2, "age_to": 15},
        OWN
        | {name: (["level", "age-unknown"], PLACE) for name in LETTERS}
        | dict.fromkeys(["here", "elsewhere", "in a street here"], (["age-unknown"], PLACE))
        | {"checked here": (["age"], POLLS)},
    ),
}  # fmt: skip


def asking(fields):
    path = fields.get("area")
    return {**fields, "area": areas.area(path)} if path else fields


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("state", ["announced", "open", "closing", "closed", "decided"])
@pytest.mark.adversary("D14")
def test_before_in_and_after_by_who_asks(rule, state):
    fields, expected = RULES[rule]
    poll = polls.STATES[state](**asking(fields))
    collecting, given = state in ("announced", "open"), 0
    for name, make in PEOPLE.items():
        user = make()
        told, answer = Person(user).look(poll), Person(user).ask(poll, blinded(poll))
        page = browser(user).get(f"/polls/{poll.pk}/").content.decode()
        codes, way_on = expected.get(name, ([], ""))
        if not collecting:
            assert told["missing"] == [], name
            assert problem(answer, 410) == "closed", name
            assert 'id="missing"' not in page
            continue
        assert told["missing"] == codes, name
        assert ('id="missing"' in page) == bool(codes), name
        assert ('id="booth-frame"' in page) == (not codes), name
        if codes:
            assert told["next"].startswith(way_on), name
            assert problem(answer, 403) == told["state"], name
            assert answer.json()["next"] == told["next"]
            assert f'href="{way_on}' in page.split('id="missing"')[1].split("</section>")[0]
        else:
            assert answer.status_code == 200, name
            given += 1
    assert Pass.objects.filter(poll=poll).count() == given


def test_the_page_says_what_look_and_ways_say():
    poll = polls.opened(who="residents", area=areas.area())
    page = browser(polls.person()).get(f"/polls/{poll.pk}/").content.decode()
    for words in (
        "You cannot vote here yet",
        "Residents of Millbank, address confirmed by letter",
        "Confirm your address. It takes a letter and about four days.",
    ):
        assert words in page
    elsewhere = browser(areas.resident(areas.ELSEWHERE)).get(f"/polls/{poll.pk}/")
    assert "your confirmed address is elsewhere" in elsewhere.content.decode()


def test_several_steps_are_a_list_in_order_and_each_leads_somewhere():
    poll = polls.opened(who="residents", area=areas.area(), level=2, age_from=16)
    page = browser(polls.person()).get(f"/polls/{poll.pk}/").content.decode()
    note = page.split('id="missing"')[1].split("</ol>")[0]
    assert [note.find(words) > 0 for words in ("a letter and", "identity card")] == [True, True]
    assert note.index("a letter and") < note.index("identity card")
    assert note.count('href="/you/place/"') == 2


# What is known of somebody -> what the page tells them to do, until nothing is left to do.
CLIMBING = [
    ((), [4, 3]),
    ((Level.NATIONAL,), [3]),
    ((Level.NATIONAL, Level.ADDRESS), [3]),
    ((Level.IN_PERSON,), [4]),
    ((Level.IN_PERSON, Level.NATIONAL), []),
]
SAYS = {3: "identity card or passport", 4: "your national identity"}


@pytest.mark.parametrize(("levels", "wanted"), CLIMBING)
def test_every_step_that_is_told_leads_to_the_vote(levels, wanted):
    poll, person = polls.opened(who="residents", area=areas.area(), level=4), polls.person()
    for level in levels:
        areas.know(person, level=level)
    person.claims.filter(level=Level.NATIONAL).update(area=None)
    phase, known = poll.state, Participant.of_account(person)
    told = [step.sentence for step in standing_of(poll, phase, known).steps]
    assert len(told) == len(wanted)
    assert all(SAYS[level] in words for level, words in zip(wanted, told, strict=True))


def test_a_letter_is_not_the_way_where_papers_are_asked_for():
    poll, person = polls.opened(who="residents", area=areas.area(), level=3), polls.person()
    areas.know(person, level=Level.NATIONAL)
    person.claims.update(area=None)
    told = Person(person).look(poll)
    assert told["missing"] == ["area-unknown"]
    assert "identity card or passport" in told["detail"]


@pytest.mark.parametrize("who", ["roll", "residents"])
def test_what_ran_out_counts_no_more_but_a_roll_is_fixed(who):
    person = polls.person()
    claim = areas.know(person, until=timezone.now() + timedelta(hours=1))
    poll = polls.opened(who=who, area=areas.area(), level=2)
    type(claim).objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    missing = Person(person).look(poll)["missing"]
    assert missing == ([] if who == "roll" else ["level", "area-unknown"])


def test_who_comes_later_is_not_on_the_roll_and_is_told_so():
    poll = polls.opened(who="roll", area=areas.area(), level=2)
    page = browser(areas.resident()).get(f"/polls/{poll.pk}/").content.decode()
    assert "You cannot vote in this poll" in page
    assert "known on the day of announcement" in page


@pytest.mark.adversary("D2")
def test_only_who_manages_a_poll_is_led_to_managing():
    poll = polls.opened(who="residents", area=areas.area())
    link = f"/polls/{poll.pk}/manage/"
    for path, led in ((areas.HERE, True), (None, True), (areas.ELSEWHERE, False)):
        organiser = areas.staff("organiser", path)
        assert (link in browser(organiser).get(f"/polls/{poll.pk}/").content.decode()) is led
        assert browser(organiser).get(link).status_code == (200 if led else 403)
