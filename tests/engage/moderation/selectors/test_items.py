"""One text at the desk, who works there, and what was decided in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.models import Decision, Flag, Item, Promise
from engage.moderation.selectors.desk import moderated_item
from engage.moderation.selectors.items import item_page
from engage.moderation.selectors.people import person_page
from engage.moderation.selectors.workload import decided_in_time, workload
from engage.moderation.services.appealing import appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from engage.moderation.services.flagging import flag_text
from engage.moderation.services.remarking import remark
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db
PAGE = 10
"""The moderator's roles, decisions, signals, flags, their readers' records, notes, copies,
sanctions, how often decided on; and the item itself with its area."""


def fresh(person):
    return User.objects.get(pk=person.pk)


def filled(times: int) -> Item:
    """A text with so many of everything."""
    item = desk.held(text="The very same text of somebody")
    for i in range(times):
        flag = Flag.objects.create(item=item, by=desk.resident(), why="spam")
        Flag.objects.create(item=desk.write(f"{i}"), by=flag.by, why="spam", upheld=True)
        remark(item=item, by=desk.moderator(), text=f"Note {i}")
        made = Decision.objects.create(
            item=item, verb="hide", by=desk.moderator(), statement="So.", before="shown",
            after="hidden",
        )  # fmt: skip
        appeal(decision=made, author=item.author, words=f"No {i}")
        desk.write("The very same text of somebody")
    return item


@pytest.mark.parametrize("times", [1, 3])
def test_its_page_takes_as_many_queries_with_one_of_everything_as_with_three(
    leaves, django_assert_num_queries, times
):
    item, by = filled(times), fresh(desk.moderator())
    with django_assert_num_queries(PAGE):
        page = item_page(by, moderated_item(by, item.pk))
    lists = (page.objections, page.remarks, page.decisions, page.appeals, page.copies)
    assert [len(each) for each in lists] == [times] * 5
    assert page.objections[0].record.accuracy == pytest.approx(2 / 3)
    assert all(each.may_answer for each in page.appeals)
    assert page.shown.source == item.key


def test_what_may_be_decided_now_is_said(leaves):
    item, by = desk.held(), desk.moderator()
    page = item_page(by, moderated_item(by, item.pk))
    assert page.verbs == ["approve", "hide", "remove", "return", "move", "lock", "silence", "ban"]
    assert page.places == [("9", "Somewhere else")]
    claim_item(item=item, by=desk.moderator(name="Bo"))
    page = item_page(by, moderated_item(by, item.pk))
    assert (page.verbs, str(page.claimed_by)) == ([], "Bo")
    assert page.claim_lapses_at > timezone.now()
    Item.objects.update(claimed_at=timezone.now() - timedelta(minutes=15), author=by)
    page = item_page(by, moderated_item(by, item.pk))
    assert (page.verbs, page.own, page.claimed_by) == ([], True, None)
    Item.objects.update(author=None, standing="removed")
    page = item_page(by, moderated_item(by, item.pk))
    assert page.verbs == ["restore", "lock"]


@pytest.mark.adversary("D2")
def test_copies_and_persons_of_other_areas_stay_there(leaves):
    _city, millbank, northgate = desk.areas()
    text = "The very same text of somebody"
    here, there = desk.held(text=text, area=millbank), desk.held(text=text, area=northgate)
    by = desk.moderator(millbank)
    assert item_page(by, moderated_item(by, here.pk)).copies == []
    for item in (here, there):
        Item.objects.filter(pk=item.pk).update(author=here.author)
        item.refresh_from_db()
        decide(item=item, by=desk.moderator(), verb="ban", reason=desk.reason(), statement="So.")
    sanctions, decisions = person_page(fresh(by), here.author)
    assert [each.area for each in sanctions] == [millbank]
    assert [each.item for each in decisions] == [here]
    assert [len(each) for each in person_page(desk.moderator(), here.author)] == [2, 2]
    assert [len(each) for each in person_page(desk.resident(), here.author)] == [0, 0]


def decided_after(hours: float, by: User, **more) -> Decision:
    at = timezone.now() - timedelta(minutes=1)
    values = {"item": desk.held(), "verb": "approve", "before": "held", "after": "shown"}
    return Decision.objects.create(
        **values | more, by=by, at=at, waited_since=at - timedelta(hours=hours)
    )


def test_what_was_decided_in_the_promised_time(leaves, django_assert_num_queries):
    by = desk.moderator()
    assert decided_in_time().percent is None
    for hours in (1, 23.9, 24, 24.1):
        decided_after(hours, by)
    Decision.objects.create(item=desk.write(), verb="hide", before="shown", after="hidden", by=by)
    with django_assert_num_queries(2):
        told = decided_in_time()
    assert (told.decided, told.in_time, told.percent, told.hours) == (4, 3, 75, 24)
    Promise.objects.create(hours=1)
    assert decided_in_time().in_time == 1
    assert decided_in_time(timezone.now()).decided == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_of_today_is_counted_by_moderator(leaves, django_assert_num_queries, number):
    _city, millbank, northgate = desk.areas()
    people = [desk.moderator(millbank, name=f"M{i}") for i in range(number)]
    for i, by in enumerate(people):
        for _ in range(number - i):
            decided_after(1, by, item=desk.held(area=millbank))
        claim_item(item=desk.held(area=millbank), by=by)
    elsewhere = desk.moderator(northgate)
    decided_after(1, elsewhere, item=desk.held(area=northgate))
    Decision.objects.update(at=timezone.now())
    who = fresh(people[0])
    with django_assert_num_queries(4):
        loads = workload(who)
    assert [(load.moderator, load.claimed) for load in loads] == [(by, 1) for by in people]
    assert loads[0].decided == number
    assert workload(desk.resident()) == []


def test_the_flow_of_a_text_from_objection_to_restoring(leaves):
    item, by = desk.write(), desk.moderator()
    for _ in range(3):
        flag_text(kind=desk.KIND, key=item.key, by=desk.resident(), why="insult", words="")
    page = item_page(by, moderated_item(by, item.pk))
    assert [signal.name for signal in page.signals] == ["flags"]
    made = decide(item=item, by=by, verb="hide", reason=desk.reason(), statement="So.")
    appeal(decision=made, author=item.author, words="No.")
    page = item_page(by, moderated_item(by, item.pk))
    assert [each.may_answer for each in page.appeals] == [False]
    page = item_page(desk.moderator(), moderated_item(by, item.pk))
    assert [each.may_answer for each in page.appeals] == [True]
