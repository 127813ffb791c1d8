"""The lists of the desk: who keeps them, what changes, and that decisions keep their words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from engage.management.reasons import fill_reasons, first_reasons
from engage.moderation.models import Promise, Reason, Word
from engage.moderation.rules import may_edit_lists
from engage.moderation.services import listing
from tests.engage.identity.people import browser, town
from tests.engage.moderation.texts import decided, item, reason, trusted
from tests.voting import polls

pytestmark = pytest.mark.django_db
PAGES = ["/desk/reasons/", "/desk/reasons/new/", "/desk/words/", "/desk/promise/"]
WORDS = listing.ReasonWords("insult", "en", "It insults", "Rule 2", "Your text insults.")


@pytest.fixture
def keeper():
    return trusted("moderator")


def facts():
    return list(Entry.objects.filter(topic="desk.town").values_list("kind", flat=True))


KEEPERS = {("moderator", None), ("administrator", None)}
WHO = [(role, where) for role in ("resident", "moderator", "organiser", "officer", "auditor",
       "administrator") for where in (None, "millbank")]  # fmt: skip


@pytest.mark.adversary("D1")
@pytest.mark.parametrize(("role", "where"), WHO)
def test_moderators_and_administrators_of_the_whole_town_keep_the_lists(role, where):
    area = town()[1] if where else None
    person = polls.person() if role == "resident" else trusted(role, area)
    expected = (role, where) in KEEPERS
    assert may_edit_lists(person) == expected
    assert {browser(person).get(path).status_code for path in PAGES} == {200 if expected else 403}
    deeds = [
        lambda: listing.add_reason(by=person, words=WORDS),
        lambda: listing.change_reason(
            reason=reason("other"), by=person, title="T", rule="", statement="S"
        ),
        lambda: listing.use_reason(code="insult", by=person, in_use=False),
        lambda: listing.move_reason(code="insult", by=person, up=True),
        lambda: listing.add_word(by=person, word="cad", language="", action="hold"),
        lambda: listing.remove_word(word=Word(pk=1), by=person),
        lambda: listing.promise_time(by=person, hours=12),
    ]
    for deed in deeds:
        if expected:
            deed()
        else:
            with pytest.raises(DomainError, match="moderators of the whole town"):
                deed()
    assert bool(facts()) == expected


def test_a_stranger_is_led_to_sign_in():
    for path in PAGES:
        assert "/accounts/login/" in browser().get(path)["Location"]


def test_a_reason_is_added_changed_and_taken_out_of_use(keeper):
    client = browser(keeper)
    typed = {
        "code": "Insult",
        "language": "en",
        "title": "It insults",
        "rule": "",
        "statement": "No.",
    }
    assert client.post("/desk/reasons/new/", typed).status_code == 302
    row = Reason.objects.get()
    assert (row.code, row.in_use, row.position) == ("insult", True, 0)
    decision = decided(item(polls.person()), reason=row, why=row.title)
    changed = {"title": "It mocks", "rule": "Rule 2", "statement": "Do not mock."}
    assert client.post(f"/desk/reasons/{row.pk}/", changed).status_code == 302
    decision.refresh_from_db()
    assert (decision.why, decision.reason.title) == ("It insults", "It mocks")
    client.post("/desk/reasons/insult/use/", {"in_use": "0"})
    assert "out of use" in client.get("/desk/reasons/").content.decode()
    assert not Reason.objects.get().in_use
    client.post("/desk/reasons/insult/use/", {"in_use": "1"})
    assert Reason.objects.get().in_use
    assert facts() == ["lists.changed"] * 4


def test_the_same_words_and_the_same_use_tell_nothing(keeper):
    row = reason()
    same = {"title": row.title, "rule": row.rule, "statement": row.statement}
    listing.change_reason(reason=row, by=keeper, **same)
    listing.use_reason(code=row.code, by=keeper, in_use=True)
    listing.move_reason(code=row.code, by=keeper, up=True)
    listing.move_reason(code=row.code, by=keeper, up=False)
    assert facts() == []
    listing.promise_time(by=keeper, hours=24)
    assert facts() == []


def test_another_language_takes_the_place_of_its_reason(keeper):
    for place, code in enumerate(["insult", "law"]):
        reason(code, position=place)
    german = listing.ReasonWords("insult", "de", "Beleidigt", "", "Ihr Text beleidigt.")
    assert listing.add_reason(by=keeper, words=german).position == 0
    with pytest.raises(DomainError) as refusal:
        listing.add_reason(by=keeper, words=german)
    assert refusal.value.code == "reason.conflict"
    typed = {"code": "insult", "language": "de", "title": "Noch eins", "statement": "Nein."}
    page = browser(keeper).post("/desk/reasons/new/", typed)
    assert page.status_code == 200
    assert "Noch eins" in page.content.decode()
    assert "short name in this language already" in page.content.decode()
    order = browser(keeper).get("/desk/reasons/new/?code=law&language=de").content.decode()
    assert 'value="law"' in order


def test_reasons_move_by_one_place_in_every_language(keeper):
    for place, code in enumerate("abc"):
        reason(code, position=place)
        reason(code, "de", position=place)
    browser(keeper).post("/desk/reasons/c/move/", {"up": "1"})
    browser(keeper).post("/desk/reasons/a/move/", {"up": "0"})
    order = list(Reason.objects.order_by("position", "pk").values_list("code", "language"))
    assert order == [(code, language) for code in "cab" for language in ("en", "de")]


@pytest.mark.parametrize("deed", ["use", "move"])
def test_a_reason_that_is_not_there_is_not_found(keeper, deed):
    assert browser(keeper).post(f"/desk/reasons/none/{deed}/").status_code == 404


@pytest.mark.adversary("E8")
@pytest.mark.parametrize("path", ["/desk/reasons/999999999999999999999/", "/desk/reasons/0/",
                                  "/desk/words/?page=%00", "/desk/words/?page=99999999999999999999",
                                  "/desk/reasons/new/?code=%00&language=%00",
                                  "/desk/reasons/new/?code=" + "a" * 9_000])  # fmt: skip
def test_odd_addresses_break_nothing(keeper, path):
    assert browser(keeper).get(path).status_code in (200, 400, 404)


def test_a_word_is_added_once_and_removed(keeper):
    client = browser(keeper)
    typed = {"word": "Cad", "language": "", "action": "block", "replacement": "kept out"}
    assert client.post("/desk/words/", typed).status_code == 302
    word = Word.objects.get()
    assert (word.word, word.replacement, word.by) == ("Cad", "", keeper)
    again = client.post("/desk/words/", typed | {"word": "cAD"})
    assert again.status_code == 200
    assert "in the list already" in again.content.decode()
    client.post(f"/desk/words/{word.pk}/remove/")
    assert not Word.objects.exists()
    assert facts() == ["lists.changed"] * 2
    assert client.post(f"/desk/words/{word.pk}/remove/").status_code == 404


@pytest.mark.adversary("E14")
@pytest.mark.parametrize(
    "wrong",
    [{"word": ""}, {"word": "a" * 61}, {"word": "a\u202eb"}, {"word": "a\0b"}, {"action": "kill"},
     {"action": "replace", "replacement": ""}, {"language": "xx"}],
)  # fmt: skip
def test_what_is_typed_wrongly_is_said_and_kept(keeper, wrong):
    typed = {"word": "cad", "language": "", "action": "hold", "replacement": ""} | wrong
    page = browser(keeper).post("/desk/words/", typed)
    assert page.status_code == 200
    assert "to put right" in page.content.decode()
    assert not Word.objects.exists()


def test_the_promised_time_is_one_number_of_hours(keeper):
    client = browser(keeper)
    assert 'value="24"' in client.get("/desk/promise/").content.decode()
    assert client.post("/desk/promise/", {"hours": "12"}).status_code == 302
    assert client.post("/desk/promise/", {"hours": "36"}).status_code == 302
    assert Promise.objects.get().hours == 36
    for wrong in ("0", "721", "soon", ""):
        assert client.post("/desk/promise/", {"hours": wrong}).status_code == 200
    assert Promise.objects.get().hours == 36


@pytest.mark.adversary("E6")
def test_what_a_keeper_typed_is_shown_as_typed(keeper):
    payload = "<script>alert(1)</script>"
    reason(title=payload, rule=payload, statement=payload)
    Word.objects.create(word=payload, action="replace", replacement=payload)
    for path in ("/desk/reasons/", "/desk/words/"):
        text = browser(keeper).get(path).content.decode()
        assert payload not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("path", ["/desk/reasons/", "/desk/words/"])
def test_the_queries_of_a_list_do_not_grow_with_it(keeper, path):
    counts = []
    for number in (1, 3):
        for each in range(number):
            reason(f"r{number}-{each}")
            Word.objects.create(word=f"w{number}-{each}", action="hold")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser(keeper).get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_town_begins_with_reasons_in_each_language_and_keeps_what_it_made_of_them(settings):
    fill_reasons()
    languages = [code for code, _name in settings.LANGUAGES]
    for language in languages:
        assert Reason.objects.filter(language=language).count() == 12
    codes = [[each.code for each in first_reasons(language)] for language in languages]
    assert all(each == codes[0] for each in codes)
    for each in Reason.objects.all():
        each.full_clean(exclude=["rule"])
        assert each.title
        assert len(each.statement) > 80
    Reason.objects.filter(code="law").delete()
    fill_reasons()
    assert not Reason.objects.filter(code="law").exists()
    assert facts() == ["lists.changed"] * len(languages)


TRIED = [
    ("a fair day", "Nothing: none of the words", ""),
    ("a fine day", "would be shown, and moderators", ""),
    ("what a C\u0430d", "would wait for a moderator", ""),
    ("you bounder!", "shown with words replaced", "you person!"),
    ("you bounder and rotter", "would not be taken", ""),
]


@pytest.mark.adversary("H6")
@pytest.mark.parametrize(("text", "says", "reads"), TRIED)
def test_a_text_can_be_tried_and_nothing_of_it_is_kept(keeper, text, says, reads):
    for word, action in (("cad", "hold"), ("bounder", "replace"), ("rotter", "block")):
        replacement = "person" if action == "replace" else ""
        Word.objects.create(word=word, action=action, replacement=replacement)
    Word.objects.create(word="fine", language="de", action="block")
    typed = {"try-text": text, "try-language": "en"}
    page = browser(keeper).post("/desk/words/try/", typed).content.decode()
    assert says in page
    assert ("It would read" in page) == bool(reads)
    assert reads in page
    assert facts() == []


@pytest.mark.parametrize("typed", [{}, {"try-text": "", "try-language": "en"},
                                   {"try-text": "x", "try-language": "xx"}])  # fmt: skip
def test_a_trial_that_lacks_something_says_what(keeper, typed):
    answer = browser(keeper).post("/desk/words/try/", typed)
    assert answer.status_code == 200
    assert 'id="outcome"' not in answer.content.decode()
    assert "field--error" in answer.content.decode()
