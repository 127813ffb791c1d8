"""An author's side: decisions on one's own texts, one appeal, where one stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.moderation.domain.trust import LIMITS, Level
from engage.moderation.models import Appeal
from tests.engage.identity.people import browser
from tests.engage.moderation.texts import HOSTILE, decided, item, known_for, notes, trusted
from tests.voting import polls

pytestmark = pytest.mark.django_db
LIST = "/you/decisions/"


@pytest.fixture(autouse=True)
def kind():
    with notes(title="Trees on the quay") as kept:
        yield kept


@pytest.fixture
def author():
    return polls.person()


def read(client, path=LIST, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def page(decision):
    return f"{LIST}{decision.pk}/"


def test_an_author_reads_what_was_decided_and_not_by_whom(author):
    decision = decided(item(author), by=polls.person("moderator", display_name="Mo Derator"))
    text = read(browser(author))
    assert "Your text was hidden" in text
    assert "Trees on the quay" in text
    one = read(browser(author), page(decision))
    for told in ("We hid your text.", "It insults somebody", "Rule 2", "Shown", "Appeal"):
        assert told in one
    assert "Mo Derator" not in text + one
    assert decision.by.email not in text + one


@pytest.mark.adversary("D2")
def test_nobody_else_finds_it_and_strangers_sign_in_first(author):
    decision = decided(item(author))
    for person in (polls.person(), trusted("moderator"), decision.by, trusted("administrator")):
        read(browser(person), page(decision), 404)
        answer = browser(person).post(page(decision), {"words": "Mine"})
        assert answer.status_code == 404
        assert "Your text was hidden" not in read(browser(person))
    assert "/accounts/login/" in browser().get(page(decision))["Location"]
    assert not Appeal.objects.exists()


@pytest.mark.adversary("E15")
def test_no_browser_keeps_these_pages(author):
    decision = decided(item(author))
    for path in (LIST, page(decision)):
        assert "no-store" in browser(author).get(path)["Cache-Control"]


def test_an_appeal_is_made_once_and_the_page_says_what_becomes_of_it(author):
    decision, client = decided(item(author)), browser(author)
    assert client.post(page(decision), {"words": "It was a joke."}).status_code == 302
    text = read(client, page(decision))
    assert "It was a joke." in text
    assert "Waits for another moderator" in text
    assert "<textarea" not in text
    again = client.post(page(decision), {"words": "It really was."})
    assert again.status_code == 409
    shown = again.content.decode()
    assert "You have appealed against this already." in shown
    assert "It really was." in shown
    assert Appeal.objects.get().words == "It was a joke."
    Appeal.objects.update(outcome="overturned", answer="You are right.", answered_at=timezone.now())
    text = read(client, page(decision))
    assert "The decision was taken back" in text
    assert "You are right." in text
    assert "The decision was taken back" in read(client)


@pytest.mark.parametrize("words", ["", "   ", "a" * 2_001, "a\0b", "\u200b"])
def test_what_is_no_appeal_is_said_and_kept(author, words):
    decision = decided(item(author))
    answer = browser(author).post(page(decision), {"words": words})
    assert answer.status_code == 200
    assert "to put right" in answer.content.decode()
    if len(words) > 100:
        assert words in answer.content.decode()
    assert not Appeal.objects.exists()


def test_what_takes_nothing_away_has_no_appeal(author):
    decision = decided(item(author), verb="restore", after="shown")
    text = read(browser(author), page(decision))
    assert "nothing to appeal against" in text
    answer = browser(author).post(page(decision), {"words": "But why?"})
    assert answer.status_code == 409
    assert "But why?" in answer.content.decode()
    assert not Appeal.objects.exists()


def test_a_text_that_was_let_through_in_silence_is_no_news(author):
    decision = decided(item(author), verb="approve", statement="", after="shown")
    assert "Nothing was decided on your texts" in read(browser(author))
    read(browser(author), page(decision), 404)


def test_a_removed_text_is_named_and_not_linked(author):
    for standing, linked in (("hidden", True), ("removed", False)):
        decision = decided(item(author, standing=standing))
        url = f'href="/notes/{decision.item.key}/"'
        assert (url in read(browser(author), page(decision))) == linked


def test_a_text_that_nobody_knows_any_more_breaks_nothing(author):
    decision = decided(item(author, kind="parrot"))
    assert "not here any more" in read(browser(author))
    assert "not here any more" in read(browser(author), page(decision))


@pytest.mark.adversary("E1")
def test_titles_and_words_are_shown_as_typed(author):
    with notes(title=HOSTILE):
        decision = decided(item(author), why=HOSTILE[:200], statement=HOSTILE)
        Appeal.objects.create(decision=decision, words=HOSTILE)
        for path in (LIST, page(decision)):
            text = read(browser(author), path)
            assert "<script>alert" not in text
            assert "&lt;script&gt;alert" in text


def test_the_list_goes_page_by_page(author):
    made = [decided(item(author)) for _ in range(33)]
    first = read(browser(author))
    assert first.count("block stack tight") == 30
    assert f"?before={made[3].pk}" in first
    assert read(browser(author), f"{LIST}?before={made[3].pk}").count("block stack tight") == 3


@pytest.mark.adversary("E8")
@pytest.mark.parametrize("before", ["0", "-1", "%00", "9" * 30, "1'--", "<b>"])
def test_an_odd_place_in_the_list_is_refused(author, before):
    read(browser(author), f"{LIST}?before={before}", 400)


@pytest.mark.adversary("E8")
@pytest.mark.parametrize("pk", ["0", "9" * 30, "-1", "%00", "1e3"])
def test_an_odd_decision_is_not_found(author, pk):
    read(browser(author), f"{LIST}{pk}/", 404)


def test_the_queries_do_not_grow_with_what_was_decided(author):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            Appeal.objects.create(decision=decided(item(author)), words="No")
        client = browser(author)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.adversary("H5")
def test_everybody_sees_where_they_stand_and_what_is_missing():
    person = known_for(days=3, texts=3)
    text = read(browser(person))
    assert "Known" in text
    assert f"<dd>{LIMITS[Level.KNOWN]['posts']}</dd>" in text
    assert "3 texts of yours were accepted" in text
    assert "11 days at the earliest" in text
    assert "12 more accepted texts" in text
    assert "New" in read(browser(polls.person()))


def test_one_s_own_page_leads_there(author):
    assert 'href="/you/decisions/"' in read(browser(author), "/you/")
