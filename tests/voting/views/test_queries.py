"""How much each page asks of the two databases: at most so much, the same for one and for many."""

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.voting import polls
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


def asked(client, path):
    """(people's database, ballots' database): queries of a page, after one visit to warm up."""
    client.get(path)
    with (
        CaptureQueriesContext(connections["default"]) as people,
        CaptureQueriesContext(connections["ballots"]) as ballots,
    ):
        answer = client.get(path)
    assert answer.status_code == 200
    return len(people), len(ballots)


def at_most(counts, limit):
    """All the same, and on neither side more than the limit."""
    return len(set(counts)) == 1 and all(
        n <= most for n, most in zip(counts[0], limit, strict=True)
    )


def of_size(number, state="open", **fields):
    """A poll with that many options, voters and batches."""
    options = tuple((f"o{i}", f"Option {i}", None) for i in range(number + 1))
    poll = polls.opened(options=options, **fields)
    for i in range(number):
        polls.cast(poll, *[f"o{i}"] * (i + 1))
        merge_intake(poll=poll.pk)
    steps = {
        "open": lambda: poll, "closing": lambda: polls.closed_by_hand(poll),
        "closed": lambda: polls.sealed(poll), "decided": lambda: polls.ended(poll),
    }  # fmt: skip
    steps[state]()
    return poll


def browser(user=None):
    client = Client(headers={"Accept": "text/html"})
    if user:
        client.force_login(user)
    return client


SIGNED_IN = 5  # the session and the person; their claims, their address, their roles

# Page -> queries to the people's and to the ballots' database, for a stranger.
LISTS = {"/": (2, 1), "/polls/": (3, 1)}
PAGES = {"open": (7, 2), "closing": (5, 2), "closed": (5, 2), "decided": (6, 8)}
BOOTH = {"checkpoint": (0, 1), "tile/0/000.p/1": (0, 2), "tile/entries/000.p/1": (0, 2), "": (0, 1)}


@pytest.mark.parametrize("path", LISTS)
def test_lists_ask_the_same_for_one_poll_and_for_many(path):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            of_size(number)
            of_size(number, "decided")
        counts.append(asked(browser(), path))
    assert at_most(counts, LISTS[path]), counts


@pytest.mark.parametrize("state", PAGES)
def test_a_poll_s_page_asks_the_same_for_few_options_and_for_many(state):
    counts = []
    for number in (1, 3):
        poll = of_size(number, state)
        counts.append(asked(browser(), f"/polls/{poll.pk}/"))
    assert at_most(counts, PAGES[state]), counts


@pytest.mark.parametrize("who", ["account", "roll"])
def test_a_resident_s_page_asks_for_the_person_too(who):
    person = polls.person()
    poll = polls.opened(who=who)
    people, ballots = PAGES["open"]
    count = asked(browser(person), f"/polls/{poll.pk}/")
    assert at_most([count], (people + SIGNED_IN, ballots)), count


def test_the_organiser_s_page():
    counts = []
    for number in (1, 3):
        poll = of_size(number)
        counts.append(asked(browser(poll.organiser), f"/polls/{poll.pk}/manage/"))
    assert at_most(counts, (9, 4)), counts


@pytest.mark.parametrize("number", [1, 3])
def test_a_tally_is_four_small_questions(number):
    poll = of_size(number)
    assert at_most([asked(browser(), f"/polls/{poll.pk}/tally.json")], (3, 2))


@pytest.mark.parametrize("number", [1, 3])
def test_where_one_stands_is_six_and_none_of_them_of_the_ballots(number):
    poll = of_size(number)
    assert at_most([asked(browser(), f"/polls/{poll.pk}/pass")], (6, 0))


@pytest.mark.parametrize("path", BOOTH)
@pytest.mark.parametrize("number", [1, 3])
def test_reading_the_log_never_asks_the_people_s_database(path, number):
    poll = of_size(number)
    assert at_most([asked(browser(), f"/booth/{poll.pk}/{path}")], BOOTH[path])


def test_casting_asks_the_people_s_database_for_the_time_alone():
    poll = polls.opened()
    raws = [polls.ballot(poll) for _ in range(3)]
    counts = []
    for raw in raws:
        with (
            CaptureQueriesContext(connections["default"]) as people,
            CaptureQueriesContext(connections["ballots"]) as ballots,
        ):
            browser().post(f"/booth/{poll.pk}/ballots", raw, "text/plain")
        written = [q["sql"] for q in ballots if "SAVEPOINT" not in q["sql"]]
        counts.append((len(people), len(written)))
    assert counts == [(1, 5)] * 3
