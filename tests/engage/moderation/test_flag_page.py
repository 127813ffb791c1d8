"""Objecting: who may see a text may say what is wrong with it, once; others find nothing."""

import pytest

from engage.moderation.domain.trust import LIMITS, Level
from engage.moderation.models import Flag, Item
from tests.engage.identity.people import browser
from tests.engage.moderation.texts import HOSTILE, item, notes, objected
from tests.voting import polls

pytestmark = pytest.mark.django_db
TYPED = {"why": "insult", "words": "Line three."}


@pytest.fixture
def unseen():
    return polls.person()


@pytest.fixture(autouse=True)
def kind(unseen):
    with notes(title="Trees on the quay", unseen=(unseen,)) as kept:
        yield kept


@pytest.fixture
def text():
    return item(polls.person(display_name="Ann"))


def path(text: Item) -> str:
    return f"/flag/{text.kind}/{text.key}/"


def test_a_reader_objects_and_reads_what_happens_next(text):
    client = browser(polls.person())
    page = client.get(path(text)).content.decode()
    for told in ("Trees on the quay", "It insults or threatens somebody", "What happens next",
                 "never hears who objected", "within 24 hours"):  # fmt: skip
        assert told in page
    done = client.post(path(text), TYPED, follow=True).content.decode()
    assert "Thank you" in done
    assert "You have objected already" in done
    assert "Line three." in done
    assert "<textarea" not in done
    (flag,) = Flag.objects.all()
    assert (flag.why, flag.words, flag.item) == ("insult", "Line three.", text)


def test_twice_is_once(text):
    reader = polls.person()
    objected(text, by=reader)
    answer = browser(reader).post(path(text), TYPED | {"why": "spam"})
    assert answer.status_code == 200
    assert "You have objected already" in answer.content.decode()
    assert Flag.objects.get().why == "insult"


def test_nobody_objects_to_their_own_text(text):
    answer = browser(text.author).post(path(text), TYPED)
    assert "This text is yours" in answer.content.decode()
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"why": "hurt"},
        {"why": "other", "words": "a" * 501},
        {"why": "other", "words": "a\0b"},
        {"words": "Only words"},
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(text, typed):
    answer = browser(polls.person()).post(path(text), typed)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "to put right" in shown
    assert typed.get("words", "").replace("\0", "") in shown.replace("\0", "")
    assert not Flag.objects.exists()


@pytest.mark.adversary("D2")
@pytest.mark.adversary("D13")
def test_who_may_not_see_a_text_hears_of_it_as_of_one_that_never_was(text, unseen):
    client = browser(unseen)
    answers = {
        (answer.status_code, answer.content.decode().replace(where, ""))
        for where in (path(text), "/flag/note/999999/")
        for answer in (client.get(where), client.post(where, TYPED))
    }
    assert {status for status, _text in answers} == {404}
    assert not any("Trees" in page for _status, page in answers)
    assert not Flag.objects.exists()


def test_a_stranger_is_led_to_sign_in_whatever_there_is(text):
    for where in (path(text), "/flag/note/999999/", "/flag/parrot/1/"):
        assert "/accounts/login/" in browser().get(where)["Location"]


@pytest.mark.adversary("E8")
@pytest.mark.parametrize(
    "where",
    ["parrot/1", "note/%00", "note/" + "9" * 5_000, "note/-1", "note/%F0%9F%98%80", "note/..%2F1",
     "note/<script>", "%00/1"],
)  # fmt: skip
def test_odd_addresses_are_not_found(where):
    answer = browser(polls.person()).get(f"/flag/{where}/")
    assert answer.status_code == 404
    assert "<script>" not in answer.content.decode()


@pytest.mark.adversary("H5")
def test_too_many_objections_are_refused_and_what_was_typed_is_kept(text):
    reader = polls.person()
    for _ in range(LIMITS[Level.NEW]["flags"]):
        objected(item(None), by=reader)
    answer = browser(reader).post(path(text), TYPED)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 3_000
    assert "Line three." in answer.content.decode()
    assert Flag.objects.count() == LIMITS[Level.NEW]["flags"]


@pytest.mark.adversary("E1")
def test_a_hostile_text_is_shown_as_typed(text):
    with notes(title=HOSTILE):
        page = browser(polls.person()).get(path(text)).content.decode()
    assert "<script>alert" not in page


def test_a_hidden_text_is_not_objected_to(text):
    Item.objects.filter(pk=text.pk).update(standing="hidden")
    assert browser(polls.person()).post(path(text), TYPED).status_code == 404
    assert not Flag.objects.exists()
