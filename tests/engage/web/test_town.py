"""The town in the office and on pages: one query a minute, nothing stale, nothing that fails."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import RequestFactory

from engage.domain.errors import DomainError
from engage.web import town as towns
from engage.web.errors import error_page
from engage.web.models import Town
from engage.web.services import save_town
from engage.web.town import forget_town, present_town, remembered_town
from tests.voting import polls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_town")]

MILLBANK = {"name": "Millbank", "office": "Ward office", "colour": "#0f5257", "currency": "€"}
saved = pytest.mark.django_db(transaction=True)


def save(**changes):
    by = polls.person("administrator").pk
    return save_town(allowed=True, by=by, **{**MILLBANK, **changes})


def told():
    town = present_town()
    return {name: getattr(town, name) for name in MILLBANK}


def test_without_a_row_the_environment_counts(settings):
    assert told() == settings.TOWN


@saved
def test_what_was_saved_is_shown_at_once_and_everywhere(client):
    assert b"Eddersford" in client.get("/help/voting/").content
    save()
    assert told() == MILLBANK
    page = client.get("/help/voting/").content.decode()
    assert "– Millbank</title>" in page
    assert "Run by Ward office." in page
    assert 'href="/town.css?0f5257"' in page
    assert b"--city-day: #0f5257;" in client.get("/town.css?0f5257").content


@saved
def test_another_process_shows_it_within_a_second(monkeypatch):
    save()
    other = {"town": MILLBANK | {"name": "Weirside"}, "texts": {}}
    cache.set(towns.KEY, other, 60)  # saved over there
    assert present_town().name == "Millbank"
    later = towns._Memory.until
    monkeypatch.setattr(towns.time, "monotonic", lambda: later)
    assert present_town().name == "Weirside"


@saved
def test_a_save_that_is_taken_back_was_never_shown():
    with pytest.raises(RuntimeError), transaction.atomic():
        save()
        raise RuntimeError
    assert told()["name"] == "Eddersford"


def test_a_thousand_pages_ask_once(django_assert_num_queries):
    with django_assert_num_queries(2):
        for _page in range(1_000):
            present_town()


def test_who_read_before_a_save_never_undoes_it():
    before = towns._asked()
    Town.objects.create(**MILLBANK)
    towns.renew_town()
    assert cache.add(towns.KEY, before, 60) is False
    assert present_town().name == "Millbank"


@saved
def test_a_town_whose_database_is_away_keeps_its_name():
    save()
    assert present_town().name == "Millbank"
    cache.delete(towns.KEY)
    towns._Memory.until = float("-inf")

    def away(*args, **kwargs):
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        assert present_town().name == "Millbank"
        page = error_page(RequestFactory().get("/", HTTP_ACCEPT="text/html"), 503)
    assert "Millbank" in page.content.decode()


def test_an_error_page_never_asks_the_database(django_assert_num_queries, settings):
    forget_town()
    with django_assert_num_queries(0):
        assert remembered_town().name == settings.TOWN["name"]


def test_there_is_one_town():
    Town.objects.create(**MILLBANK)
    with pytest.raises(IntegrityError), transaction.atomic():
        Town.objects.create(id=2, **MILLBANK)
    save(name="Weirside")
    assert [town.name for town in Town.objects.all()] == ["Weirside"]


@pytest.mark.parametrize("colour", ["#ffcc00", "#ffffff", "red", "", "#7b1f51;}"])
def test_a_colour_that_cannot_be_read_is_not_saved(colour):
    with pytest.raises(DomainError) as refusal:
        save(colour=colour)
    assert refusal.value.code == "town.unreadable"
    assert not Town.objects.exists()


def test_a_colour_of_an_earlier_release_that_fails_now_breaks_no_page(client):
    Town.objects.create(**MILLBANK | {"colour": "#ffcc00"})
    towns.renew_town()
    answer = client.get("/town.css?ffcc00")
    assert (answer.status_code, answer.content) == (200, b"")


def test_whoever_may_not_changes_nothing():
    with pytest.raises(DomainError) as refusal:
        save_town(allowed=False, by=polls.person().pk, **MILLBANK)
    assert refusal.value.code == "town.forbidden"
    assert not Town.objects.exists()


@saved
def test_two_saves_at_once_leave_one_town_and_show_it(at_once):
    by = polls.person("administrator").pk
    names = [f"Town {number}" for number in range(8)]
    answers = at_once(
        lambda number: save_town(allowed=True, by=by, **{**MILLBANK, "name": names[number]}), 8
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    forget_town()
    assert present_town().name == Town.objects.get().name
