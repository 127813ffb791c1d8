"""Services believe the rows, not what they are handed: no field of a form gets through."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from engage.moderation.models import Appeal, Decision, Flag, Item, Remark, Sanction
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.claiming import claim_item, let_go
from engage.moderation.services.deciding import decide, decide_together
from engage.moderation.services.remarking import remark
from engage.moderation.services.sanctioning import lift
from tests.engage.moderation import desk

pytestmark = [pytest.mark.django_db, pytest.mark.adversary("D3"), pytest.mark.adversary("D11")]


@pytest.fixture
def by():
    """Somebody who moderates Millbank and writes there."""
    return desk.moderator(desk.areas()[1])


def rows():
    tables = (Item, Decision, Appeal, Flag, Remark, Sanction, Entry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def refused(act):
    before = rows()
    with pytest.raises(DomainError) as error:
        act()
    assert rows() == before
    return error.value.code


def test_a_text_that_says_of_itself_where_it_stands_is_not_believed(leaves, by):
    _city, millbank, northgate = desk.areas()
    there = desk.held(area=northgate)
    posed = Item(
        pk=there.pk, kind=there.kind, key=there.key, area=millbank, author=None, standing="held",
        queued_at=timezone.now(),
    )  # fmt: skip
    why = desk.reason()
    acts = [
        lambda: decide(item=posed, by=by, verb="approve", reason=None, statement=""),
        lambda: decide_together(items=[posed], by=by, verb="hide", reason=why, statement="So."),
        lambda: claim_item(item=posed, by=by),
        lambda: remark(item=posed, by=by, text="So."),
    ]
    assert [refused(act) for act in acts] == ["item.forbidden"] * 4
    let_go(item=posed, by=by)
    assert Item.objects.get().claimed_by is None


def test_one_s_own_text_is_one_s_own_whoever_it_says_wrote_it(leaves, by):
    millbank = desk.areas()[1]
    own = desk.held(area=millbank)
    Item.objects.filter(pk=own.pk).update(author=by)
    posed = Item(pk=own.pk, area=millbank, author=own.author, standing="held")
    act = lambda: decide(item=posed, by=by, verb="approve", reason=None, statement="")  # noqa: E731
    assert refused(act) == "item.forbidden"


def test_an_appeal_and_a_sanction_are_what_their_rows_say(leaves, by):
    _city, millbank, northgate = desk.areas()
    here, there = desk.write(area=millbank), desk.write(area=northgate)
    made = decide(
        item=there, by=desk.moderator(), verb="ban", reason=desk.reason(), statement="So."
    )
    other = desk.resident()
    posed = Decision(pk=made.pk, verb="hide", item=Item(pk=here.pk, author=other))
    act = lambda: appeal(decision=posed, author=other, words="No.")  # noqa: E731
    assert refused(act) == "decision.not-found"
    assert refused(lambda: appeal(decision=Decision(pk=0), author=other, words="No.")) == (
        "decision.not-found"
    )
    asked = appeal(decision=made, author=there.author, words="No.")
    fake = Decision(pk=made.pk, verb="hide", item=here, by=None, before="shown", after="hidden")
    posed_appeal = Appeal(pk=asked.pk, decision=fake, outcome="")
    answer = {"by": by, "overturn": True, "answer": "Yes."}
    assert refused(lambda: answer_appeal(appeal=posed_appeal, **answer)) == "appeal.forbidden"
    assert refused(lambda: answer_appeal(appeal=Appeal(pk=0, decision=fake), **answer)) == (
        "text.not-found"
    )
    sanction = Sanction.objects.get()
    posed_sanction = Sanction(pk=sanction.pk, person=other, area=millbank, decision=fake)
    assert refused(lambda: lift(sanction=posed_sanction, by=by)) == "item.forbidden"


def test_what_is_kept_of_a_decision_is_made_here(leaves, by):
    """Nobody dates a decision back, or says for how long a text had waited."""
    text = desk.held(area=desk.areas()[1])
    before = timezone.now()
    posed = Item(pk=text.pk, queued_at=before - timedelta(days=9), standing="removed")
    made = decide(item=posed, by=by, verb="approve", reason=None, statement="")
    assert made.at >= before
    assert (made.waited_since, made.before) == (text.queued_at, "held")
    assert (made.by, made.told_at, made.together) == (by, None, None)
