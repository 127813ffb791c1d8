"""Whom a poll asks: on the organiser's form, only in their areas, and as a sentence for good."""

import pytest
from django.utils import translation

from engage.domain.errors import DomainError
from engage.identity.models import Area
from tests.voting import areas, polls
from tests.voting.views.test_organising import browser, form
from voting.domain.missing import missing
from voting.eligibility import eligibility
from voting.models import Poll
from voting.selectors import draft_facts
from voting.services.drafting import save_draft

pytestmark = pytest.mark.django_db
WHOM = {
    "who": "residents", "area": areas.HERE, "level": "2", "age_from": "16", "age_to": "",
    "assisted": "on",
}  # fmt: skip


def written(user, **fields):
    answer = browser(user).post("/polls/new/", form(**WHOM | fields))
    assert answer.status_code in (200, 302)
    return Poll.objects.first() if answer.status_code == 302 else None


def test_a_form_says_whom_and_the_manifest_says_it_for_good(settings):
    settings.LANGUAGE_CODE = "en"
    areas.area()
    poll = written(areas.staff("organiser"))
    assert (poll.area_id, poll.level, poll.age_from, poll.age_to) == (areas.HERE, 2, 16, None)
    poll = polls.announce_poll(poll=poll, by=areas.staff("organiser"))
    with translation.override("de"):
        polls.prepare_poll(poll=poll)
    poll.refresh_from_db()
    told = polls.manifest_of(poll).value
    expected = "Residents of Millbank, address confirmed by letter, aged 16 or over"
    assert (told["eligibility"], told["assisted"]) == (expected, True)
    Area.objects.filter(pk=areas.HERE).update(name="Mill Bank")
    assert polls.manifest_of(Poll.objects.get()).value["eligibility"] == expected


@pytest.mark.parametrize("box", [{"assisted": "on"}, {}])
def test_whether_clerks_may_help_is_fixed_by_the_announcement(box):
    areas.area()
    poll = polls.draft(assisted=bool(box))
    polls.announce_poll(poll=poll, by=poll.organiser)
    polls.prepare_poll(poll=poll)
    poll.refresh_from_db()
    assert polls.manifest_of(poll).value["assisted"] is bool(box)


SENTENCES = {
    "Everyone, no account needed": {"who": "everyone", "level": 3, "age_from": 9},
    "Everyone with a confirmed e-mail address": {"who": "account"},
    "Residents, address confirmed by letter": {"who": "residents"},
    "Residents, checked in person, aged 60 or under": {
        "who": "residents", "level": 3, "age_to": 60,
    },
    "Residents, confirmed by national identity, aged 16 to 25": {
        "who": "residents", "level": 4, "age_from": 16, "age_to": 25,
    },
    "Residents known on the day of announcement": {"who": "roll"},
    "Residents known on the day of announcement, address confirmed by letter": {
        "who": "roll", "level": 2,
    },
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_rule_in_words(sentence):
    with translation.override("en"):
        assert eligibility(polls.draft(**SENTENCES[sentence])) == sentence


def test_the_rule_in_words_names_the_area():
    with translation.override("en"):
        here = polls.draft(who="residents", area=areas.area())
        assert eligibility(here) == "Residents of Millbank, address confirmed by letter"
        roll = polls.draft(who="roll", area=areas.area())
        assert eligibility(roll) == "Residents of Millbank known on the day of announcement"


# Who writes -> in which areas ("" is the whole town) they may.
AREAS = ["", areas.TOWN, areas.HERE, areas.STREET, areas.ELSEWHERE]
WRITERS = {
    "of the town": (None, set(AREAS)),
    "of the city": (areas.TOWN, {*AREAS} - {""}),
    "here": (areas.HERE, {areas.HERE, areas.STREET}),
    "elsewhere": (areas.ELSEWHERE, {areas.ELSEWHERE}),
}


@pytest.mark.parametrize("who", WRITERS)
@pytest.mark.adversary("D2")
@pytest.mark.adversary("D3")
def test_only_areas_with_the_role_can_be_written_for(who):
    path, allowed = WRITERS[who]
    for other in (areas.STREET, areas.ELSEWHERE):
        areas.area(other)
    user = areas.staff("organiser", path)
    page = browser(user).get("/polls/new/").content.decode()
    for target in AREAS:
        offered = f'<option value="{target}"' in page.split('name="area"')[1].split("</select>")[0]
        assert offered == (target in allowed), target
        Poll.objects.all().delete()
        assert (written(user, area=target) is not None) == (target in allowed), target
    assert written(user, area="town/nowhere") is None


@pytest.mark.adversary("D2")
def test_a_draft_is_not_carried_into_another_area():
    mine, theirs = areas.area(), areas.area(areas.ELSEWHERE)
    user = areas.staff("organiser")
    poll = polls.draft(who="residents", area=mine)
    path = f"/polls/{poll.pk}/edit/"
    answer = browser(user).post(path, form(**WHOM | {"area": theirs.pk}))
    assert answer.status_code == 200
    poll.refresh_from_db()
    assert poll.area_id == mine.pk
    Poll.objects.filter(pk=poll.pk).update(area=theirs)
    assert browser(user).get(path).status_code == 404
    assert browser(user).post(path, form(**WHOM)).status_code == 404


def test_the_service_asks_for_itself():
    class Written:
        instance = polls.draft(who="residents", area=areas.area(areas.ELSEWHERE))

    with pytest.raises(DomainError, match="area"):
        save_draft(form=Written(), options=None, by=areas.staff("organiser"))


def test_drafts_are_listed_for_those_who_manage_them():
    poll = polls.draft(who="residents", area=areas.area(), title="Which lamp on Weir Lane?")
    for path, listed in ((areas.HERE, True), (areas.ELSEWHERE, False), (None, True)):
        page = browser(areas.staff("organiser", path)).get("/polls/").content.decode()
        assert (poll.title in page) is listed


BAD = {
    "ages in the wrong order": {"age_from": "30", "age_to": "20"},
    "an age of everybody": {"who": "everyone"},
    "an oldest age of e-mail addresses": {"who": "account", "age_from": "", "age_to": "9"},
    "no such level": {"level": "9"},
    "a level that is none": {"level": "0"},
    "a negative age": {"age_from": "-1"},
}


@pytest.mark.parametrize("what", BAD)
def test_a_rule_that_is_none_comes_back(what):
    areas.area()
    assert written(areas.staff("organiser"), **BAD[what]) is None


MISSING = {
    "area": {"who": "residents", "level": 1},
    "ages": {"who": "residents", "level": 2, "age_from": 9, "age_to": 8},
}


@pytest.mark.parametrize("code", MISSING)
def test_what_is_missing_before_announcing(code):
    poll = Poll(title="x", method="plurality", rule="plurality/1", **MISSING[code])
    codes = {each.code for each in missing(draft_facts(saved(poll)), polls.database_now())}
    assert code in codes
    for fine in ({"who": "residents", "level": 2}, {"who": "residents", "area": areas.area()}):
        poll = Poll(title="x", **fine)
        assert not {"area", "ages"} & {
            each.code for each in missing(draft_facts(saved(poll)), polls.database_now())
        }


def saved(poll):
    """Kept without what the database itself would refuse."""
    wanted, poll.organiser, poll.age_to = poll.age_to, polls.organiser(), None
    poll.save()
    poll.age_to = wanted
    return poll
