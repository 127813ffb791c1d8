"""Claims, notes and objections: whose they are, what they lead to, what is told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from engage.moderation import writings
from engage.moderation.models import Flag, Item, Remark
from engage.moderation.services.claiming import claim_item, let_go
from engage.moderation.services.deciding import decide
from engage.moderation.services.flagging import flag_text
from engage.moderation.services.remarking import remark
from engage.web.limits import TooMany
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db


def told():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def refused(code, act, **more):
    before = (told(), Flag.objects.count(), Remark.objects.count())
    with pytest.raises(DomainError) as error:
        act(**more)
    assert error.value.code == code
    assert before == (told(), Flag.objects.count(), Remark.objects.count())


def now(item):
    return Item.objects.get(pk=item.pk)


def test_one_looks_at_a_text_at_a_time_until_the_claim_lapses(leaves):
    item, ann, bo = desk.held(), desk.moderator(), desk.moderator()
    claim_item(item=item, by=ann)
    claim_item(item=item, by=ann)
    refused("item.claimed.conflict", claim_item, item=item, by=bo)
    let_go(item=item, by=bo)
    assert now(item).claimed_by == ann
    Item.objects.update(claimed_at=timezone.now() - timedelta(minutes=15))
    assert claim_item(item=item, by=bo).claimed_by == bo
    let_go(item=item, by=ann)
    let_go(item=item, by=bo)
    let_go(item=item, by=bo)
    assert (now(item).claimed_by, now(item).claimed_at) == (None, None)
    assert told() == ["item.arrived", *["item.claimed"] * 3, "item.let_go"]


@pytest.mark.adversary("D2")
def test_who_may_claim_and_leave_notes(leaves):
    _city, millbank, northgate = desk.areas()
    author = desk.moderator(millbank)
    item = desk.held(area=millbank)
    Item.objects.filter(pk=item.pk).update(author=author)
    for by in (author, desk.resident(), desk.moderator(northgate)):
        refused("item.forbidden", claim_item, item=item, by=by)
        refused("item.forbidden", remark, item=item, by=by, text="So.")
    refused("text.not-found", claim_item, item=Item(pk=10**9), by=desk.moderator())
    claim_item(item=item, by=desk.moderator(millbank))


def test_a_note_is_kept_once_and_told(leaves):
    item, by = desk.held(), desk.moderator()
    first = remark(item=item, by=by, text=" Known to us. ")
    assert remark(item=item, by=by, text="Known to us.") == first
    other = remark(item=item, by=desk.moderator(), text="Known to us.")
    assert (first.text, other != first) == ("Known to us.", True)
    assert told() == ["item.arrived", "item.noted", "item.noted"]
    refused("remark.incomplete", remark, item=item, by=by, text=" ")
    refused("remark.incomplete", remark, item=item, by=by, text="x" * 2_001)


def flagged(item, by=None, why="spam", words=""):
    by = by or desk.resident()
    return flag_text(kind=desk.KIND, key=item.key, by=by, why=why, words=words)


def reader(upheld: int, wrong: int):
    """Somebody with so many objections behind them."""
    person = desk.resident()
    for right in [True] * upheld + [False] * wrong:
        Flag.objects.create(item=desk.write("Old"), by=person, why="spam", upheld=right)
    Flag.objects.filter(by=person).update(at=timezone.now() - timedelta(days=9))
    return person


def test_three_objections_bring_a_text_to_the_desk_and_do_not_hide_it(leaves):
    item = desk.write()
    for _number in (1, 2):
        flagged(item)
        assert (now(item).queued_at, told()) == (None, [])
    flagged(item)
    there = now(item)
    assert (there.standing, [each.name for each in there.signals.all()]) == ("shown", ["flags"])
    assert there.queued_at
    flagged(item)
    assert told() == ["item.arrived", "item.noted"]


def test_objections_of_readers_who_are_mostly_wrong_weigh_less(leaves):
    item = desk.write("The bench at the weir was painted.")
    flagged(item)
    for _ in range(3):
        flagged(item, reader(upheld=0, wrong=2))
    assert now(item).queued_at is None
    flagged(item, reader(upheld=2, wrong=2))
    assert now(item).queued_at


def test_after_a_decision_it_takes_three_again(leaves):
    item = desk.write()
    for _ in range(3):
        flagged(item)
    by = desk.moderator()
    decide(item=item, by=by, verb="approve", reason=None, statement="")
    for _number in range(3):
        assert now(item).queued_at is None
        flagged(item)
    assert now(item).queued_at


def test_a_reader_objects_once(leaves):
    item, by = desk.write(), desk.resident()
    first = flagged(item, by)
    assert flagged(item, by, why="hate") == first
    assert Flag.objects.get().why == "spam"


@pytest.mark.adversary("D2")
def test_who_may_object_to_what(leaves):
    item, by = desk.write(), desk.resident()
    refused("flag.own", flagged, item=item, by=item.author)
    refused("flag.incomplete", flagged, item=item, by=by, why="dislike")
    refused("flag.incomplete", flagged, item=item, by=by, words="x" * 501)
    leaves.unseen.add(by.pk)
    refused("text.not-found", flagged, item=item, by=by)
    leaves.unseen.clear()
    for standing in ("held", "returned", "hidden", "removed"):
        Item.objects.update(standing=standing)
        refused("text.not-found", flagged, item=item, by=by)
    Item.objects.update(standing="shown")
    for kind, key in (("post", item.key), (desk.KIND, "0"), ("", ""), (desk.KIND, "\u0661")):
        refused("text.not-found", flag_text, kind=kind, key=key, by=by, why="spam", words="")
    writings.withdraw(desk.KIND)
    refused("text.not-found", flagged, item=item, by=by)


def test_unless_an_app_says_who_sees_its_texts_nobody_objects_to_them(leaves):
    item = desk.write()
    writings.register(writings.Kind(desk.KIND, "Leaf", leaves.show, leaves.let_stand))
    refused("text.not-found", flagged, item=item)


def test_objections_have_a_limit(leaves):
    by = desk.resident(days=0)
    for i in range(5):
        flagged(desk.write(f"{i}"), by)
    item = desk.write()
    with pytest.raises(TooMany):
        flagged(item, by)
    assert Flag.objects.count() == 5


def test_an_objection_that_goes_wrong_tells_nobody(leaves):
    item = desk.write()
    flagged(item)
    flagged(item)
    with pytest.raises(RuntimeError), transaction.atomic():
        flagged(item)
        raise RuntimeError
    assert (told(), now(item).queued_at, Flag.objects.count()) == ([], None, 2)
