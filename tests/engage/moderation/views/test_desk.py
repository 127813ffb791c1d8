"""What moderators do on the desk's pages, step by step, without a script.

Deliberately absent: who may not, and what addresses may hold (``test_desk_guarded.py``).
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.moderation.models import Appeal, Decision, Item, Sanction
from engage.moderation.services.appealing import appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from tests.engage.identity.people import browser
from tests.engage.moderation.desk import KIND, areas, held, moderator, reason, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(leaves):
    return moderator(areas()[1], "Mo")


@pytest.fixture
def here(by):
    return browser(by)


@pytest.fixture
def text(by):
    return held(area=areas()[1], author=resident("Ann"))


def stands(text):
    return Item.objects.get(pk=text.pk).standing


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client, item, deed="decide", **typed):
    return client.post(f"/desk/{item.pk}/{deed}/", typed)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("area=eddersford/millbank", True), ("kind=leaf", True), ("signal=", True),
        ("signal=burst", False), ("flagged=on", False), ("mine=on", False), ("mine=", True),
        ("after=1.1", True), ("after=9999999999999999.1", False),
    ],
)  # fmt: skip
def test_filters_show_only_some_of_it(here, text, asked, shown):
    whole = page(here, f"/desk/?{asked}")
    assert (f'id="item-{text.pk}"' in whole) is shown
    assert ("Show everything" in whole) is (asked[-1] != "=" and "after" not in asked)


def test_a_list_of_some_takes_in_no_others(here, text):
    assert 'id="queue"' in page(here, "/desk/")
    assert 'id="queue"' not in page(here, "/desk/?flagged=on")


def test_a_text_is_claimed_and_left_to_others(here, by, text):
    assert send(here, text, "claim")["Location"] == f"/desk/{text.pk}/#decide"
    assert "Leave it to others" in page(here, f"/desk/{text.pk}/")
    other = browser(moderator(text.area, "Bo"))
    assert "looks at it just now" in page(other, f"/desk/{text.pk}/")
    assert send(other, text, "claim").status_code == 409
    assert send(other, text, "let-go")["Location"] == "/desk/"
    assert Item.objects.get(pk=text.pk).claimed_by == by
    send(here, text, "let-go")
    assert send(other, text, "claim").status_code == 302


INCOMPLETE = [
    ({"verb": "hide"}, "Choose a reason: the author is told."),
    ({}, "Choose what is decided."),
    ({"verb": "move"}, "Choose where it moves to."),
    ({"verb": "explode"}, "explode"),
    ({"verb": "restore"}, "restore"),
    ({"verb": "hide", "reason": "x"}, "One thing to put right"),
    ({"verb": "silence", "days": "365"}, "365"),
]


@pytest.mark.parametrize(("typed", "sentence"), INCOMPLETE)
def test_an_incomplete_decision_keeps_what_was_typed(here, text, typed, sentence):
    answer = send(here, text, expected="held", statement="Dear <Ann>, no.", **typed)
    told = answer.content.decode()
    assert (answer.status_code, stands(text)) == (200, "held")
    assert "Dear &lt;Ann&gt;, no." in told
    assert sentence in told


def test_how_it_stood_must_be_said(here, text):
    for expected in ({}, {"expected": ""}, {"expected": "gone"}, {"expected": "shown"}):
        assert send(here, text, verb="approve", **expected).status_code in (200, 409)
        assert stands(text) == "held"


def test_who_decided_on_the_last_is_back_at_the_queue(here, text):
    answer = send(here, text, verb="approve", expected="held")
    assert answer["Location"] == "/desk/"
    assert "Decided: " in page(here, "/desk/")


def test_the_next_text_is_nobody_else_s_and_not_one_s_own(here, by, text):
    claim_item(item=held(area=text.area), by=moderator(text.area))
    Item.objects.filter(pk=held(area=text.area).pk).update(author=by)
    free = held(area=text.area)
    answer = send(here, text, verb="approve", expected="held")
    assert answer["Location"] == f"/desk/{free.pk}/#text"


def test_without_words_of_one_s_own_the_author_reads_those_of_the_reason(here, text):
    why = reason(statement="Leave the name out.")
    send(here, text, verb="hide", reason=why.pk, expected="held")
    decided = Decision.objects.get()
    assert (decided.statement, decided.reason) == ("Leave the name out.", why)


def test_somebody_is_silenced_for_days_and_let_write_again(here, text):
    typed = {"verb": "silence", "reason": reason().pk, "expected": "held", "days": "3"}
    assert "Let write again" not in page(here, f"/desk/{text.pk}/")
    send(here, text, **typed)
    kept = Sanction.objects.get()
    assert timedelta(days=2.9) < kept.until - timezone.now() <= timedelta(days=3)
    assert "Let write again" in page(here, f"/desk/{text.pk}/")
    person = f"/desk/people/{text.author_id}/"
    assert "/desk/sanctions/" in page(here, person)
    assert here.post(f"/desk/sanctions/{kept.pk}/lift/")["Location"] == person
    assert "/desk/sanctions/" not in page(here, person)
    assert "lifted" in page(here, person)


def test_a_sanction_of_the_whole_town_is_seen_and_left_to_those_of_the_town(here, text):
    ban = {"verb": "ban", "reason": reason(), "statement": "No."}
    everywhere, elsewhere = (held(author=text.author, area=area) for area in (None, areas()[2]))
    wide = decide(item=everywhere, by=moderator(), **ban).sanction
    decide(item=elsewhere, by=moderator(), **ban)
    person = page(here, f"/desk/people/{text.author_id}/")
    assert "Nothing keeps them from it" not in person
    assert "Barred" in person
    assert "/lift/" not in person
    whole = page(here, f"/desk/{text.pk}/")
    assert whole.count("Barred") == 1  # and nothing of the other district
    assert 'value="lift"' not in whole
    town = browser(moderator())
    assert 'value="lift"' in page(town, f"/desk/{text.pk}/")
    assert f"/desk/sanctions/{wide.pk}/lift/" in page(town, f"/desk/people/{text.author_id}/")


def test_how_a_text_stands_is_said_once(here, text):
    whole = page(here, f"/desk/{text.pk}/")
    assert "Waits for a moderator" in whole
    assert "waits for a decision" not in whole


def test_a_sanction_of_elsewhere_is_not_lifted(here, text):
    decision = decide(
        item=held(area=areas()[2]), by=moderator(), verb="ban", reason=reason(), statement="No."
    )
    assert here.post(f"/desk/sanctions/{decision.sanction.pk}/lift/").status_code == 404
    assert Sanction.objects.get().lifted_at is None


def test_notes_stay_among_moderators(here, text):
    assert "Write the note first." in send(here, text, "note", text=" ").content.decode()
    assert send(here, text, "note", text="As <b>last</b> week.").status_code == 302
    assert "As &lt;b&gt;last&lt;/b&gt; week." in page(here, f"/desk/{text.pk}/")


def test_an_appeal_is_answered_by_another_moderator(here, by, text):
    decision = decide(item=text, by=by, verb="hide", reason=reason(), statement="No.")
    made = appeal(decision=decision, author=text.author, words="It was a joke.")
    one = f"/desk/appeals/{made.pk}/"
    assert "1 appeal" in page(here, "/desk/")
    assert one in page(here, "/desk/appeals/")
    assert "Another moderator than the one who decided answers" in page(here, one)
    other = browser(moderator(text.area, "Bo"))
    refused = other.post(one, {"answer": "We look again."}).content.decode()
    assert "Choose what comes of it." in refused
    assert "We look again." in refused
    assert other.post(one, {"overturn": "1", "answer": "You are right."}).status_code == 302
    assert (stands(text), Appeal.objects.get().outcome) == ("shown", "overturned")
    assert "You are right." in page(here, one)
    assert other.post(one, {"overturn": "0", "answer": "No."}).status_code == 409


def test_one_s_own_text_is_left_out_of_many(here, by, text):
    own = held(area=text.area)
    Item.objects.filter(pk=own.pk).update(author=by)
    asked = here.post("/desk/together/", {"item": [text.pk, own.pk]}).content.decode()
    assert "Decide on 1 text" in asked
    assert "1 of those you chose does not wait any more, and is left out." in asked
    typed = {"act": "decide", "item": [text.pk, own.pk], "verb": "approve", "expected": "1"}
    assert here.post("/desk/together/", typed)["Location"] == "/desk/"
    assert (stands(text), stands(own)) == ("shown", "held")


@pytest.mark.parametrize("keys", [[], ["x"], ["9" * 30], ["\u0663"], ["0"]])
def test_who_chose_none_is_told_so(here, text, keys):
    assert here.post("/desk/together/", {"item": keys})["Location"] == "/desk/"
    assert "Choose at least one text first." in page(here, "/desk/")


def test_many_are_decided_on_only_completely(here, text):
    for typed in ({}, {"verb": "hide"}, {"verb": "ban"}, {"verb": "move"}):
        sent = {"act": "decide", "item": text.pk, "statement": "Dear all", "expected": 1} | typed
        answer = here.post("/desk/together/", sent)
        assert (answer.status_code, "Dear all" in answer.content.decode()) == (200, True)
    for expected in ("2", "x"):
        sent = {"act": "decide", "item": text.pk, "verb": "approve", "expected": expected}
        here.post("/desk/together/", sent)
        assert stands(text) == ("held" if expected == "2" else "shown")


def test_ten_thousand_that_wait_ask_no_more_than_three(here, text):
    held(area=text.area)
    held(area=text.area)
    here.get("/desk/")
    three = asked(here, "/desk/")
    fields = {"kind": KIND, "author": text.author, "area": text.area, "standing": "held"}
    now = timezone.now()
    Item.objects.bulk_create(
        [Item(key=f"m{i}", written_at=now, queued_at=now, **fields) for i in range(10_000)]
    )
    assert asked(here, "/desk/") == three
    whole = page(here, "/desk/")
    assert whole.count("data-live-into") == 50
    assert "10,003" in whole
    following = whole.partition('rel="next" href="?')[2].partition('"')[0]
    assert asked(here, f"/desk/?{following}") == three
    assert page(here, f"/desk/?{following}").count("data-live-into") == 50


def test_moderators_read_what_somebody_wrote_last_where_they_moderate(here, text):
    person = f"/desk/people/{text.author_id}/"
    one = asked(here, person)
    fields = {"kind": KIND, "author": text.author, "standing": "shown"}
    later = timezone.now() + timedelta(seconds=1)
    more = [Item(key=f"m{i}", area=text.area, written_at=later, **fields) for i in range(11)]
    foreign = Item(key="far", area=areas()[2], written_at=later, **fields)
    Item.objects.bulk_create([*more, foreign])
    assert asked(here, person) == one
    last = page(here, person).partition('id="texts"')[2].partition("</ul>")[0]
    for item, there in ((text, False), (more[0], False), (more[1], True), (more[-1], True)):
        assert (f"/desk/{item.pk}/" in last) is there
    assert f"/desk/{foreign.pk}/" not in last


def test_the_office_says_how_many_wait_where_one_moderates(here, text):
    assert "1 text waits." in page(here, "/office/")
    assert "0 texts wait." in page(browser(moderator(areas()[2])), "/office/")


def asked(client, path):
    with CaptureQueriesContext(connection) as told:
        page(client, path)
    return len(told)
