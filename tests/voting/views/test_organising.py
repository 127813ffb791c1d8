"""The organiser's pages: for organisers alone, each deed in its state, and a draft from a form."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.voting import polls
from voting.models import Poll

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}
DEEDS = {
    "announce": ("draft", "preparing"),
    "open": ("announced", "open"),
    "close": ("open", "closing"),
    "annul": ("open", "annulled"),
}
POST = {"reason": "The hours were wrong."}


def browser(user=None):
    client = Client(headers=HTML)
    client.raise_request_exception = False
    if user:
        client.force_login(user)
    return client


def pages_of(poll):
    yield "/polls/new/"
    for name in ("edit", "manage", *DEEDS):
        yield f"/polls/{poll.pk}/{name}/"


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("state", ["draft", "open"])
@pytest.mark.adversary("D1")
def test_nobody_but_organisers_comes_in(state):
    poll = polls.STATES[state]()
    for path in pages_of(poll):
        for method in ("get", "post"):
            answer = getattr(browser(), method)(path, POST)
            if method == "post" and path.endswith("/manage/"):
                assert answer.status_code == 405
                continue
            assert answer.status_code == 302, path
            assert answer["Location"] == f"/accounts/login/?next={path}"
            for user in (polls.person(), polls.person("moderator")):
                answer = getattr(browser(user), method)(path, POST)
                assert answer.status_code == 403, path
                assert poll.title not in answer.content.decode()
    # The same as for a poll that does not exist: nobody else learns that there is a draft.
    assert browser(polls.person()).get(f"/polls/{UNKNOWN}/manage/").status_code == 403
    poll.refresh_from_db()
    assert poll.state == state


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_looked_at_first_and_done_by_post(deed):
    state, leads_to = DEEDS[deed]
    poll = polls.STATES[state]()
    client, path = browser(poll.organiser), f"/polls/{poll.pk}/{deed}/"
    assert client.get(path).status_code == 200
    poll.refresh_from_db()
    assert poll.state == state
    answer = client.post(path, POST)
    assert (answer.status_code, answer["Location"]) == (302, f"/polls/{poll.pk}/manage/")
    poll.refresh_from_db()
    assert poll.state == leads_to
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", polls.STATES)
def test_a_deed_that_does_not_fit_the_state_is_409_and_changes_nothing(deed, state):
    fits = {**DEEDS, "annul": (("announced", "open", "closing", "closed", "decided"), "")}
    if state in fits[deed][0] or state == fits[deed][0]:
        return
    poll = polls.STATES[state]()
    before = polls.logged(poll)
    answer = browser(poll.organiser).post(f"/polls/{poll.pk}/{deed}/", POST)
    assert answer.status_code == 409
    assert "<h1>" in answer.content.decode()
    poll.refresh_from_db()
    assert (poll.state, polls.logged(poll)) == (state, before)


def test_an_annulment_needs_a_reason():
    poll = polls.opened()
    for reason in ("", "   "):
        path = f"/polls/{poll.pk}/annul/"
        assert browser(poll.organiser).post(path, {"reason": reason}).status_code == 200
    poll.refresh_from_db()
    assert poll.state == "open"


@pytest.mark.parametrize("reason", ["\ud7ff", "é" * 5_000, "<b>\r\nx</b>", "\u202e", "ok\u0000no"])
def test_any_reason_that_a_form_can_carry_is_kept_or_refused(reason):
    poll = polls.opened()
    answer = browser(poll.organiser).post(f"/polls/{poll.pk}/annul/", {"reason": reason})
    assert answer.status_code in (200, 302, 400)


def test_an_incomplete_draft_is_not_announced_and_its_page_says_what_is_missing():
    poll = polls.draft(opens_at=None, closes_at=None)
    client = browser(poll.organiser)
    answer = client.post(f"/polls/{poll.pk}/announce/")
    assert answer.status_code == 409
    page = client.get(f"/polls/{poll.pk}/manage/").content.decode()
    assert "#id_opens_at" in page
    poll.refresh_from_db()
    assert poll.state == "draft"


@pytest.mark.adversary("C9")
@pytest.mark.parametrize("deed", DEEDS)
def test_no_other_site_does_a_deed(deed):
    state, _leads_to = DEEDS[deed]
    poll = polls.STATES[state]()
    host = settings.SITE_ORIGIN.split("://")[1]
    client = Client(enforce_csrf_checks=True, HTTP_HOST=host)
    client.force_login(poll.organiser)
    client.get(f"/polls/{poll.pk}/{deed}/")
    token = client.cookies["csrftoken"].value
    path = f"/polls/{poll.pk}/{deed}/"
    for headers in (
        {"Origin": settings.SITE_ORIGIN},
        {"Origin": "https://evil.example", "X-CSRFToken": token},
        {"Origin": settings.BOOTH_ORIGIN, "X-CSRFToken": token},
        {"Origin": "null", "X-CSRFToken": token},
    ):
        answer = client.post(path, POST, headers=headers)
        assert answer.status_code == 403, headers
        assert answer.json()["code"] == "csrf"
    poll.refresh_from_db()
    assert poll.state == state


def form(**fields):
    """What a browser sends for a new poll with two options."""
    start = timezone.localtime() + timedelta(days=1)
    values = {
        "title": "Which bench?", "description": "**Oak** or steel?", "method": "plurality",
        "rule": "plurality/1", "who": "everyone", "level": "1",
        "opens_at": f"{start:%Y-%m-%dT%H:%M}",
        "closes_at": f"{start + timedelta(days=3):%Y-%m-%dT%H:%M}",
        "seats": "1", "max_ranks": "5", "max_approvals": "", "budget": "", "points": "",
        "batch_min": "5", "batch_every_s": "10", "batch_max_delay_s": "120", "key_bits": "2048",
        "options-TOTAL_FORMS": "2", "options-INITIAL_FORMS": "0",
        "options-MIN_NUM_FORMS": "0", "options-MAX_NUM_FORMS": "100",
        "options-0-title": "Oak", "options-0-description": "", "options-0-cost": "",
        "options-1-title": "Steel", "options-1-description": "", "options-1-cost": "",
    }  # fmt: skip
    return {**values, **fields}


def test_a_poll_is_written_announced_and_votes_are_cast():
    organiser = polls.organiser()
    client = browser(organiser)
    answer = client.post("/polls/new/", form())
    assert answer.status_code == 302
    poll = Poll.objects.get(title="Which bench?")
    assert answer["Location"] == f"/polls/{poll.pk}/manage/"
    assert list(poll.options.values_list("key", "position")) == [("oak", 0), ("steel", 1)]
    assert client.post(f"/polls/{poll.pk}/announce/").status_code == 302
    polls.prepare_poll(poll=poll)
    client.post(f"/polls/{poll.pk}/open/")
    poll.refresh_from_db()
    polls.cast(poll, "oak", "steel")


@pytest.mark.adversary("D3")
def test_what_a_form_does_not_offer_is_ignored():
    organiser, other = polls.organiser(), polls.person("organiser")
    extra = {
        "state": "open", "organiser": str(other.pk), "manifest": "x", "id": str(other.pk),
        "collect_from": "2020-01-01T00:00", "closing_since": "2020-01-01T00:00",
        "rule_params": '{"first_out": ["oak"]}',
        "options-0-key": "hacked", "options-0-position": "9",
    }  # fmt: skip
    assert browser(organiser).post("/polls/new/", form(**extra)).status_code == 302
    poll = Poll.objects.get(title="Which bench?")
    assert (poll.state, poll.organiser, poll.manifest) == ("draft", organiser, None)
    assert (poll.collect_from, poll.closing_since, poll.rule_params) == (None, None, {})
    assert poll.options.first().key == "oak"


@pytest.mark.adversary("D12")
def test_another_poll_s_option_cannot_be_taken_over():
    mine, other = polls.draft(), polls.draft()
    theirs = other.options.first()
    row = {"options-0-id": str(theirs.pk), "options-0-poll": str(mine.pk)}
    stolen = form(**{"options-INITIAL_FORMS": "1", **row})
    answer = browser(mine.organiser).post(f"/polls/{mine.pk}/edit/", stolen)
    assert answer.status_code in (200, 302)  # refused, or the row is taken for one of its own
    theirs.refresh_from_db()
    assert (theirs.poll, theirs.title) == (other, "Ash")


@pytest.mark.adversary("A16")
@pytest.mark.parametrize("state", [state for state in polls.STATES if state != "draft"])
def test_an_announced_poll_is_never_edited(state):
    poll = polls.STATES[state]()
    options = list(poll.options.values_list("key", "title"))
    client = browser(poll.organiser)
    for method in ("get", "post"):
        answer = getattr(client, method)(f"/polls/{poll.pk}/edit/", form(title="Another?"))
        assert answer.status_code == 409
    poll.refresh_from_db()
    assert poll.title != "Another?"
    assert list(poll.options.values_list("key", "title")) == options


BAD_FORMS = {
    "closes before it opens": {"opens_at": "2030-01-02T10:00", "closes_at": "2030-01-01T10:00"},
    "a rule of another method": {"rule": "irv/1"},
    "no such method": {"method": "dictator"},
    "no number": {"seats": "many"},
    "too many seats": {"seats": "32768"},
    "no approvals": {"max_approvals": "-1"},
    "a budget beyond belief": {"budget": "9" * 30},
    "no time": {"opens_at": "soon"},
    "a title that never ends": {"title": "x" * 201},
    "NUL": {"title": "a\0b"},
    "no forms": {"options-TOTAL_FORMS": "x"},
    "a thousand options": {"options-TOTAL_FORMS": "1001"},
}


@pytest.mark.parametrize("what", BAD_FORMS)
def test_a_bad_form_comes_back_with_its_errors(what):
    answer = browser(polls.organiser()).post("/polls/new/", form(**BAD_FORMS[what]))
    assert answer.status_code in (200, 400)
    assert Poll.objects.count() == 0


def test_two_options_of_one_name_get_two_keys():
    client = browser(polls.organiser())
    names = {f"options-{n}-title": "Oak & Elm!" for n in range(2)}
    assert client.post("/polls/new/", form(**names)).status_code == 302
    assert list(Poll.objects.get().options.values_list("key", flat=True)) == [
        "oak-elm",
        "oak-elm-2",
    ]


@pytest.mark.parametrize("title", ["木", "Ω", "---", "_", "x" * 200, "-a", "É" * 50, "\U0001f332"])
def test_every_title_gets_a_key_that_a_manifest_takes(title):
    client = browser(polls.organiser())
    assert client.post("/polls/new/", form(**{"options-0-title": title})).status_code == 302
    poll = Poll.objects.get()
    assert client.post(f"/polls/{poll.pk}/announce/").status_code == 302
    polls.prepare_poll(poll=poll)
    poll.refresh_from_db()
    assert polls.manifest_of(poll).titles.keys() == set(poll.options.values_list("key", flat=True))
    assert poll.state == "announced"


def test_a_preview_is_for_those_who_write():
    answer = browser(polls.organiser()).post("/polls/preview/", {"description": "**a** <script>"})
    assert "<strong>a</strong>" in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    assert browser().post("/polls/preview/", {"description": "a"}).status_code == 302
    assert browser(polls.person()).post("/polls/preview/", {"description": "a"}).status_code == 403
