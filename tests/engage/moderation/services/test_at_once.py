"""Many at once on one text: one of them decides, and what is killed half-way has not happened."""

import pytest
from django.db import transaction
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.models import Entry
from engage.moderation import writings
from engage.moderation.models import Appeal, Decision, Flag, Item, Sanction
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide, decide_together
from engage.moderation.services.flagging import flag_text
from tests.engage.moderation import desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
MANY = 20


def split(answers):
    """How many succeeded; all others were refused, none broke."""
    refused = [each for each in answers if isinstance(each, DomainError)]
    assert all(each.code.endswith("conflict") for each in refused), refused
    broken = [each for each in answers if isinstance(each, Exception) and each not in refused]
    assert broken == []
    return len(answers) - len(refused)


@pytest.mark.parametrize("verb", ["approve", "hide", "ban", "lock"])
def test_of_twenty_who_decide_one_does(leaves, at_once, verb):
    item, why = desk.held(), desk.reason()
    people = [desk.moderator() for _ in range(MANY)]
    answers = at_once(
        lambda n: decide(item=item, by=people[n], verb=verb, reason=why, statement="So."), MANY
    )
    assert split(answers) == 1
    assert Decision.objects.count() == 1
    assert Entry.objects.filter(kind="item.decided").count() == 1
    assert Sanction.objects.count() == (verb == "ban")


def test_of_twenty_who_claim_one_does(leaves, at_once):
    item = desk.held()
    people = [desk.moderator() for _ in range(MANY)]
    assert split(at_once(lambda n: claim_item(item=item, by=people[n]), MANY)) == 1
    assert Entry.objects.filter(kind="item.claimed").count() == 1


def test_of_twenty_answers_to_an_appeal_one_counts(leaves, at_once):
    item = desk.write()
    made = decide(item=item, by=desk.moderator(), verb="hide", reason=desk.reason(), statement="So")
    answers = at_once(lambda _n: appeal(decision=made, author=item.author, words="No."), MANY)
    assert (split(answers), Appeal.objects.count()) == (MANY, 1)
    people = [desk.moderator() for _ in range(MANY)]
    waiting = Appeal.objects.get()
    answers = at_once(
        lambda n: answer_appeal(appeal=waiting, by=people[n], overturn=n % 2 == 0, answer="Yes."),
        MANY,
    )
    assert split(answers) == 1
    kept = Appeal.objects.get()
    overturned = kept.outcome == "overturned"
    assert Decision.objects.count() == 1 + overturned
    assert Item.objects.get().standing == ("shown" if overturned else "hidden")


def test_twenty_objections_at_once_bring_it_in_once(leaves, at_once):
    item = desk.write()
    people = [desk.resident() for _ in range(MANY)]
    answers = at_once(
        lambda n: flag_text(kind=desk.KIND, key=item.key, by=people[n], why="spam", words=""), MANY
    )
    assert split(answers) == MANY == Flag.objects.count()
    assert Entry.objects.filter(kind="item.arrived").count() == 1
    assert Entry.objects.filter(kind="item.noted").count() == MANY - 3


def test_decisions_on_many_that_overlap_end_one_after_the_other(leaves, at_once):
    items, why = [desk.held() for _ in range(8)], desk.reason()
    people = [desk.moderator() for _ in range(6)]

    def act(n):
        some = items[n % 3 :: 2] if n % 2 else items[n % 3 :]
        return decide_together(items=some, by=people[n], verb="hide", reason=why, statement="So.")

    split(at_once(act, 6))
    for item in Item.objects.all():
        assert item.decisions.count() == (item.standing == "hidden")
        assert leaves.stands[item.key] == item.standing


def test_who_is_silenced_while_they_write_gets_no_text_in_after_it(leaves, at_once):
    author = desk.moderator()  # who moderates has no limit of an hour
    item, by, why = desk.write(author=author), desk.moderator(), desk.reason()

    def act(n):
        if n == 5:
            return decide(item=item, by=by, verb="ban", reason=why, statement="So.")
        try:
            return desk.write(f"Number {n}", author=author)
        except DomainError as error:
            assert error.code == "author.barred"
            return None

    assert [each for each in at_once(act, MANY) if isinstance(each, Exception)] == []
    since = Sanction.objects.get().since
    assert not Item.objects.filter(written_at__gt=since).exclude(pk=item.pk).exists()


@pytest.mark.parametrize("step", ["let_stand", "after"])
def test_what_breaks_in_the_middle_leaves_nothing_half(leaves, step):
    items, why = [desk.held() for _ in range(3)], desk.reason()
    before = rows()

    class Killed(BaseException):
        pass

    def let_stand(key, standing):
        if key == items[2].key:
            raise Killed

    if step == "let_stand":
        writings.register(writings.Kind(desk.KIND, "Leaf", leaves.show, let_stand))
    with pytest.raises(Killed), transaction.atomic():
        decide_together(items=items, by=desk.moderator(), verb="hide", reason=why, statement="So.")
        raise Killed
    assert rows() == before


def rows():
    people = User.objects.filter(grants=None).count()
    return (
        list(Item.objects.order_by("pk").values()),
        people,
        *[model.objects.count() for model in (Decision, Entry, Flag, Sanction)],
    )


def test_a_claim_and_a_decision_at_once_leave_no_claim_on_what_is_decided(leaves, at_once):
    why = desk.reason()
    for _round in range(3):
        item, ann, bo = desk.held(), desk.moderator(), desk.moderator()

        def act(n, item=item, ann=ann, bo=bo):
            if n:
                return claim_item(item=item, by=ann)
            return decide(item=item, by=bo, verb="hide", reason=why, statement="So.")

        assert split(at_once(act, 2)) >= 1
        item.refresh_from_db()
        assert item.queued_at is None or item.standing == "held"
        assert timezone.now() >= item.written_at
