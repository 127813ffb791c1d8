"""The queue: whose it is, in which order, how fast, and what the filters let through."""

import statistics
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.models import RoleGrant, User
from engage.moderation.models import Appeal, Flag, Item, Signal
from engage.moderation.selectors.desk import (
    Filters,
    cursor_of,
    desk_page,
    desk_rows,
    moderated_areas,
    moderated_item,
)
from engage.moderation.services.appealing import appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db
PAGE = 7
"""Counts, promise, items, the moderator's roles, flags, signals, appeals."""


def fresh(person):
    """The same person in another request."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
def many(leaves):
    author = desk.resident()
    start = timezone.now() - timedelta(days=3)
    rows = [
        Item(
            kind=desk.KIND, key=f"m{i}", author=author, standing="held",
            written_at=start, queued_at=start + timedelta(seconds=i // 3),
        )
        for i in range(10_000)
    ]  # fmt: skip
    Item.objects.bulk_create(rows)
    items = list(Item.objects.order_by("pk"))
    Signal.objects.bulk_create(Signal(item=item, name="space") for item in items)
    return items


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_as_many_queries_for_one_text_as_for_three(
    leaves, django_assert_num_queries, number
):
    for _ in range(number):
        desk.held()
    who = fresh(desk.moderator())
    with django_assert_num_queries(PAGE):
        page = desk_page(who)
    assert (len(page.rows), page.waiting, leaves.asked) == (number, number, 1)


def test_ten_thousand_that_wait_take_no_more_and_less_than_200_ms(
    many, leaves, django_assert_num_queries
):
    who = fresh(desk.moderator())
    with django_assert_num_queries(PAGE):
        page = desk_page(who)
    assert (len(page.rows), page.waiting) == (50, 10_000)
    middle = cursor_of(many[5_000].queued_at, many[5_000].pk)
    times = []
    for after in ("", middle) * 5:
        begin = time.perf_counter()
        assert len(desk_page(fresh(who), after=after).rows) == 50
        times.append(time.perf_counter() - begin)
    assert statistics.median(times) < 0.2, times


def test_ten_thousand_are_as_fast_for_the_moderator_of_a_part(many, leaves):
    _city, millbank, _north = desk.areas()
    Item.objects.update(area=millbank)
    who = desk.moderator(millbank)
    times = []
    for filters in (None, Filters(signal="space"), Filters(area=millbank.path)) * 3:
        begin = time.perf_counter()
        assert desk_page(fresh(who), filters).waiting == 10_000
        times.append(time.perf_counter() - begin)
    assert statistics.median(times) < 0.2, times


def test_pages_show_everything_once_in_the_order_of_waiting(many, leaves):
    who, seen, after = desk.moderator(), [], ""
    for _page in range(4):
        page = desk_page(fresh(who), after=after)
        seen += [row.item.pk for row in page.rows]
        after = page.next
    assert seen == [item.pk for item in many[:200]]
    last = desk_page(fresh(who), after=cursor_of(many[-2].queued_at, many[-2].pk))
    assert ([row.item.pk for row in last.rows], last.next) == ([many[-1].pk], "")


@pytest.mark.parametrize(
    "cursor",
    ["x", "1", "1.", ".1", "1.x", "-1.1", "1.1.1", "9" * 30 + ".1", "1." + "9" * 30, "١.١"],
)
def test_a_cursor_that_no_page_gave_is_refused(leaves, cursor):
    with pytest.raises(DomainError, match=r"filter\.malformed"):
        desk_page(desk.moderator(), after=cursor)


@pytest.mark.adversary("D2")
def test_everybody_sees_their_own_areas_and_no_other(leaves):
    city, millbank, northgate = desk.areas()
    texts = {
        name: desk.held(area=area)
        for name, area in [("town", None), ("city", city), ("mill", millbank), ("north", northgate)]
    }
    operator = User.objects.create_superuser("op@town.example")
    seen = {
        None: {"town", "city", "mill", "north"},
        city: {"city", "mill", "north"},
        millbank: {"mill"},
        northgate: {"north"},
    }
    people = [(desk.moderator(area), names) for area, names in seen.items()]
    people += [(operator, seen[None]), (desk.resident(), set()), (AnonymousUser(), set())]
    past = desk.resident()
    ended = timezone.now() - timedelta(days=1)
    RoleGrant.objects.create(
        person=past, role="moderator", since=ended - timedelta(days=9), until=ended
    )
    organiser = desk.resident()
    RoleGrant.objects.create(person=organiser, role="organiser")
    people += [(past, set()), (organiser, set())]
    for person, names in people:
        page = desk_page(person)
        assert {row.item for row in page.rows} == {texts[name] for name in names}
        assert page.waiting == len(names)
        for name, text in texts.items():
            assert (moderated_item(person, text.pk) is not None) == (name in names)
        narrowed = desk_page(person, Filters(area=millbank.path))
        assert {row.item for row in narrowed.rows} == {texts[n] for n in names & {"mill"}}
    assert moderated_areas(people[1][0]) == [city, millbank, northgate]
    assert moderated_areas(people[2][0]) == [millbank]


def test_an_area_whose_name_begins_alike_is_another(leaves):
    _city, millbank, _north = desk.areas()
    other = type(millbank).objects.create(
        path="eddersford/millbank-east", name="East", kind="district", parent_id="eddersford"
    )
    desk.held(area=other)
    assert desk_page(desk.moderator(millbank)).rows == []


def test_filters_let_through_what_they_say(leaves):
    by, other = desk.moderator(), desk.moderator()
    why = desk.reason()
    waits, claimed = desk.held(), desk.held()
    claim_item(item=claimed, by=by)
    claim_item(item=waits, by=other)
    flagged = desk.held()
    Flag.objects.create(item=flagged, by=desk.resident(), why="spam")
    decided = desk.write()
    hidden = decide(item=decided, by=by, verb="hide", reason=why, statement="So.")
    appeal(decision=hidden, author=decided.author, words="No.")

    def found(**filters):
        return [row.item for row in desk_page(fresh(by), Filters(**filters)).rows]

    assert found() == [waits, claimed, flagged]
    assert found(mine=True) == [claimed]
    assert found(flagged=True) == [flagged]
    assert found(signal="space") == [waits, claimed, flagged]
    assert found(signal="burst") == found(signal="nonsense") == found(kind="post") == []
    assert found(kind=desk.KIND) == [waits, claimed, flagged]
    assert found(appeals=True) == [decided]
    row = desk_page(fresh(by), Filters(appeals=True)).rows[0]
    assert row.appeal == Appeal.objects.get()
    assert row.since == row.appeal.at
    Item.objects.filter(pk=claimed.pk).update(claimed_at=timezone.now() - timedelta(minutes=16))
    assert found(mine=True) == []


def test_a_row_says_who_looks_at_it_how_late_it_is_and_whether_it_is_one_s_own(leaves):
    by = desk.moderator()
    text = desk.held(author=by)
    assert text.queued_at is None
    Item.objects.filter(pk=text.pk).update(
        queued_at=timezone.now() - timedelta(hours=25), claimed_by=desk.moderator(name="Bo"),
        claimed_at=timezone.now(),
    )  # fmt: skip
    row = desk_page(fresh(by)).rows[0]
    assert (row.own, row.late, str(row.claimed_by), row.flags) == (True, True, "Bo", 0)
    assert row.shown.title == f"Leaf {text.key}"
    Item.objects.filter(pk=text.pk).update(claimed_at=timezone.now() - timedelta(minutes=15))
    assert desk_rows(by, [Item.objects.get(pk=text.pk)])[0].claimed_by is None


def test_a_text_that_its_app_has_no_more_is_a_row_still(leaves):
    desk.held()
    leaves.show = lambda keys: {}
    Item.objects.update(kind="gone")
    assert [row.shown for row in desk_page(desk.moderator()).rows] == [None]
