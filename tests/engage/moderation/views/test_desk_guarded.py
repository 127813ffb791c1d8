"""The desk's pages against those who should not be there, and against what addresses may hold."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.models import Decision, Item, Remark
from engage.moderation.services.appealing import appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from tests.engage.identity.people import browser
from tests.engage.moderation.desk import areas, held, moderator, reason, resident

pytestmark = pytest.mark.django_db
DEEDS = ("claim", "let-go", "decide", "note")


@pytest.fixture
def text(leaves):
    return held(area=areas()[1], author=resident("Ann"))


@pytest.fixture
def here(text):
    return browser(moderator(text.area, "Mo"))


def stands(text):
    return Item.objects.get(pk=text.pk).standing


@pytest.mark.adversary("D1", "D2")
def test_only_moderators_of_the_area_learn_of_a_text(text, here):
    one = f"/desk/{text.pk}/"
    assert "/accounts/login/" in browser().get("/desk/")["Location"]
    for path in ("/desk/", one, "/desk/appeals/"):
        assert browser(resident()).get(path).status_code == 403
    elsewhere = browser(moderator(areas()[2]))
    queue = elsewhere.get("/desk/")
    assert (queue.status_code, f"Leaf {text.key}" in queue.content.decode()) == (200, False)
    assert f"Leaf {text.key}" in here.get("/desk/").content.decode()
    assert (elsewhere.get(one).status_code, here.get(one).status_code) == (404, 200)


@pytest.mark.adversary("D2")
@pytest.mark.parametrize("deed", DEEDS)
def test_who_moderates_elsewhere_does_nothing_to_it(text, deed):
    typed = {"verb": "remove", "reason": reason().pk, "expected": "held", "text": "Mine."}
    for who, status in ((moderator(areas()[2]), 404), (resident(), 403)):
        assert browser(who).post(f"/desk/{text.pk}/{deed}/", typed).status_code == status
    assert (stands(text), Remark.objects.count(), Decision.objects.count()) == ("held", 0, 0)


@pytest.mark.adversary("D2")
def test_appeals_and_people_of_other_areas_are_not_there(text):
    by = moderator(text.area)
    decided = decide(item=text, by=by, verb="hide", reason=reason(), statement="Sorry.")
    made = appeal(decision=decided, author=User.objects.get(pk=text.author_id), words="No.")
    elsewhere, another = browser(moderator(areas()[2])), browser(moderator(text.area))
    for path in (f"/desk/appeals/{made.pk}/", f"/desk/people/{text.author_id}/"):
        assert (elsewhere.get(path).status_code, another.get(path).status_code) == (404, 200)
    answer = {"overturn": "1", "answer": "We were wrong."}
    assert elsewhere.post(f"/desk/appeals/{made.pk}/", answer).status_code == 404
    assert "Your answer" not in browser(by).get(f"/desk/appeals/{made.pk}/").content.decode()
    refused = browser(by).post(f"/desk/appeals/{made.pk}/", answer)
    assert (refused.status_code, stands(text)) == (409, "hidden")
    assert another.post(f"/desk/appeals/{made.pk}/", answer).status_code == 302
    assert stands(text) == "shown"


@pytest.mark.adversary("D7", "E8")
@pytest.mark.parametrize(
    "asked",
    [
        "kind=author__email", "signal=burst'--", "area=eddersford/nowhere", "kind=%00",
        "signal[]=x&signal=%ff", "after=x", "after=1.x", "after=%00", "after=-1.1",
        "after=99999999999999999999.1", "after=1.9999999999999999999", "after=\u0663.\u0663",
        "area=<script>alert(1)</script>", "kind=" + "k" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_and_not_repeated(here, asked):
    answer = here.get(f"/desk/?{asked}")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.adversary("D7")
def test_no_other_column_is_reached(here, text):
    whole = here.get("/desk/").content.decode()
    asked = "author__email__startswith=zz&order=author__password&standing=shown"
    answer = here.get(f"/desk/?{asked}")
    assert answer.status_code == 400 or f"Leaf {text.key}" in answer.content.decode()
    assert f"Leaf {text.key}" in whole


@pytest.mark.adversary("D2")
def test_numbers_that_no_table_holds_are_not_there(here):
    for number in ("0", "9" * 19, "9" * 30):
        for path in (f"/desk/{number}/", f"/desk/appeals/{number}/"):
            assert here.get(path).status_code == 404


def test_what_was_typed_is_kept_when_a_decision_is_refused(text, here):
    typed = {"verb": "hide", "statement": "Write it <b>kindly</b>.", "expected": "held"}
    answer = here.post(f"/desk/{text.pk}/decide/", typed)
    assert "Write it &lt;b&gt;kindly&lt;/b&gt;." in answer.content.decode()
    other = moderator(text.area)
    decide(item=text, by=other, verb="approve", reason=None, statement="")
    typed |= {"verb": "hide", "reason": reason().pk}
    answer = here.post(f"/desk/{text.pk}/decide/", typed)
    assert answer.status_code in (200, 409)
    assert "Write it &lt;b&gt;kindly" in answer.content.decode()
    assert (stands(text), Decision.objects.count()) == ("shown", 1)


def test_a_text_that_another_looks_at_is_not_decided_on(text, here):
    claim_item(item=text, by=moderator(text.area, "Bo"))
    assert "Bo" in here.get("/desk/").content.decode()
    answer = here.post(f"/desk/{text.pk}/decide/", {"verb": "approve", "expected": "held"})
    assert (stands(text), answer.status_code < 500) == ("held", True)


def test_one_after_the_other_is_decided(text, here):
    following = held(area=text.area)
    answer = here.post(f"/desk/{text.pk}/decide/", {"verb": "approve", "expected": "held"})
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/{following.pk}/#text")
    assert stands(text) == "shown"


def test_many_are_decided_at_once_after_their_number_was_shown(text, here):
    both = [text, held(area=text.area)]
    foreign = held(area=areas()[2])
    keys = [each.pk for each in (*both, foreign)]
    asked = here.post("/desk/together/", {"act": "begin", "item": keys}).content.decode()
    assert "Decide on 2 texts" in asked
    assert {stands(each) for each in both} == {"held"}
    typed = {"act": "decide", "item": keys, "verb": "hide", "reason": reason().pk, "expected": 2}
    assert here.post("/desk/together/", typed).status_code == 302
    assert [stands(each) for each in (*both, foreign)] == ["hidden", "hidden", "held"]


def test_of_many_none_is_decided_where_one_was_meanwhile(text, here):
    both = [text, held(area=text.area)]
    decide(item=text, by=moderator(text.area), verb="approve", reason=None, statement="")
    typed = {
        "act": "decide", "item": [each.pk for each in both], "verb": "hide",
        "reason": reason().pk, "statement": "All of it.", "expected": 2,
    }  # fmt: skip
    answer = here.post("/desk/together/", typed)
    assert (answer.status_code, "All of it." in answer.content.decode()) == (409, True)
    assert [stands(each) for each in both] == ["shown", "held"]


@pytest.mark.adversary("E1", "E3", "E6")
def test_attacks_are_shown_as_text_on_every_page(leaves):
    area, hostile = areas()[1], '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    author = resident(hostile[:60])
    text = held(area=area, author=author, text=f"{hostile} [a](javascript:alert(3))")
    by = moderator(area, hostile[:60])
    here = browser(moderator(area))
    claim_item(item=text, by=by)
    browser(by).post(f"/desk/{text.pk}/note/", {"text": hostile})
    decided = decide(item=text, by=by, verb="hide", reason=reason(title=hostile), statement=hostile)
    made = appeal(decision=decided, author=author, words=hostile)
    paths = [
        "/desk/", f"/desk/{text.pk}/", "/desk/appeals/", f"/desk/appeals/{made.pk}/",
        f"/desk/people/{author.pk}/",
    ]  # fmt: skip
    for path in paths:
        shown = here.get(path).content.decode()
        assert "<script>alert" not in shown, path
        assert "<img src=x" not in shown, path
        assert author.email not in shown, path
        assert by.email not in shown, path


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_as_often_for_one_text_as_for_three(text, here, number):
    claim_item(item=text, by=moderator(text.area))
    for _ in range(number - 1):
        claim_item(item=held(area=text.area), by=moderator(text.area))
    here.get("/desk/")  # the town's name and the like are asked for once
    assert [queries(here, path) for path in ("/desk/", f"/desk/{text.pk}/")] == [20, 12]


def test_what_waits_too_long_says_so(text, here):
    assert "longer than promised" not in here.get("/desk/").content.decode()
    Item.objects.filter(pk=text.pk).update(queued_at=timezone.now() - timedelta(hours=25))
    assert "longer than promised" in here.get("/desk/").content.decode()


def test_every_page_leads_moderators_of_any_area_to_the_desk(text, here):
    for path in ("/", "/office/"):
        assert 'href="/desk/"' in here.get(path).content.decode()
        assert 'href="/desk/"' not in browser(resident()).get(path).content.decode()
