"""Nobody decides on words that they have not read, nor loses the words that they typed."""

import re

import pytest
from django.utils import timezone

from engage.moderation.models import Appeal, Decision, Item, Sanction
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from forums.services.editing import edit_post
from tests.engage.identity.people import browser
from tests.engage.moderation.desk import areas, held, moderator, reason, resident, write
from tests.forums import forum

pytestmark = pytest.mark.django_db


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def mark(whole):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', whole)[1]


def objected_to(text):
    """It waits, and is shown meanwhile."""
    Item.objects.filter(pk=text.pk).update(queued_at=timezone.now())
    return text


@pytest.fixture
def text(leaves):
    return objected_to(write(area=areas()[1], author=resident("Ann")))


@pytest.fixture
def here(text):
    return browser(moderator(text.area, "Mo"))


def typed(whole, **more):
    words = {"verb": "hide", "reason": reason().pk, "statement": "A long word to Ann."}
    return words | {"expected": "shown", "seen": mark(whole)} | more


def stands(text):
    return Item.objects.get(pk=text.pk).standing


def test_what_was_found_in_order_meanwhile_is_not_hidden_unseen(text, here):
    sent = typed(page(here, f"/desk/{text.pk}/"))
    decide(item=text, by=moderator(), verb="approve", reason=None, statement="")
    answer = here.post(f"/desk/{text.pk}/decide/", sent)
    told = answer.content.decode()
    assert (answer.status_code, stands(text)) == (409, "shown")
    assert "changed or decided on meanwhile" in told
    assert "A long word to Ann." in told


def test_what_was_refused_is_sent_again_once_it_was_read(text, here):
    sent = typed(page(here, f"/desk/{text.pk}/"))
    decide(item=text, by=moderator(), verb="hide", reason=reason(), statement="So.")
    refused = here.post(f"/desk/{text.pk}/decide/", sent | {"verb": "remove"})
    assert refused.status_code == 409
    told = refused.content.decode()
    assert 'name="expected" value="hidden"' in told
    again = sent | {"verb": "remove", "expected": "hidden", "seen": mark(told)}
    assert here.post(f"/desk/{text.pk}/decide/", again).status_code == 302
    assert stands(text) == "removed"


def test_a_form_sent_twice_silences_once(text, here):
    sent = typed(page(here, f"/desk/{text.pk}/"), verb="silence", days="3")
    answers = [here.post(f"/desk/{text.pk}/decide/", sent).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert (Decision.objects.count(), Sanction.objects.count()) == (1, 1)


def test_many_are_not_decided_on_over_somebody_s_decision(text, here):
    other = objected_to(write(area=text.area))
    chosen = {"item": [text.pk, other.pk], "act": "begin"}
    whole = here.post("/desk/together/", chosen).content.decode()
    sent = typed(whole) | chosen | {"act": "decide", "expected": 2}
    decide(item=text, by=moderator(), verb="approve", reason=None, statement="")
    objected_to(text)  # others object, and it waits again
    refused = here.post("/desk/together/", sent)
    assert (refused.status_code, stands(text), stands(other)) == (409, "shown", "shown")
    again = sent | {"seen": mark(refused.content.decode())}
    assert here.post("/desk/together/", again).status_code == 302
    assert (stands(text), stands(other)) == ("hidden", "hidden")


@pytest.mark.parametrize("many", [False, True])
def test_words_that_were_changed_after_they_were_read_are_read_first(many):
    first = forum.first(forum.thread(text="The bench is green."))
    item = Item.objects.create(
        kind="post", key=str(first.pk), author=first.author, standing="shown",
        queued_at=timezone.now(),
    )  # fmt: skip
    here = browser(moderator())
    way = "/desk/together/" if many else f"/desk/{item.pk}/decide/"
    whole = (
        here.post(way, {"item": item.pk, "act": "begin"}).content.decode()
        if many
        else page(here, f"/desk/{item.pk}/")
    )
    edit_post(post=first, by=first.author, text="Something else entirely.")
    sent = {"verb": "approve", "expected": 1 if many else "shown", "seen": mark(whole)}
    sent |= {"item": item.pk, "act": "decide"} if many else {}
    answer = here.post(way, sent)
    assert (answer.status_code, Decision.objects.count()) == (409, 0)
    told = answer.content.decode()
    assert "Something else entirely." in told
    assert here.post(way, sent | {"seen": mark(told)}).status_code == 302


def test_typed_words_stay_where_another_claims_the_text_meanwhile(text, here):
    sent = typed(page(here, f"/desk/{text.pk}/"))
    claim_item(item=text, by=moderator(text.area, "Bo"))
    answer = here.post(f"/desk/{text.pk}/decide/", sent)
    assert answer.status_code == 409
    assert "A long word to Ann." in answer.content.decode()


def test_typed_words_stay_where_another_answers_the_appeal_meanwhile(leaves):
    text = held(area=areas()[1])
    made = decide(item=text, by=moderator(), verb="hide", reason=reason(), statement="No.")
    waits = appeal(decision=made, author=text.author, words="It was a joke.")
    answer_appeal(appeal=waits, by=moderator(), overturn=False, answer="It stands.")
    sent = {"overturn": "1", "answer": "A long <answer>."}
    answer = browser(moderator(text.area)).post(f"/desk/appeals/{waits.pk}/", sent)
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "decided on this text meanwhile" in told
    assert "A long &lt;answer&gt;." in told
    assert "It stands." in told
    assert Appeal.objects.get().outcome == "upheld"
