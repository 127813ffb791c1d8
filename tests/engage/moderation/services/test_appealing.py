"""Appeals go to another moderator, once; what is taken back stands as it stood before."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.identity.services.erasing import erase_account
from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import APPEALABLE, Verb, after, taken_back
from engage.moderation.models import Appeal, Decision, Item, Sanction
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.deciding import decide
from engage.moderation.services.flagging import flag_text
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db


def decided(item, verb="hide", by=None):
    until = timezone.now() + timedelta(days=3)
    return decide(
        item=item, by=by or desk.moderator(), verb=verb, reason=desk.reason(),
        statement="We are sorry.", until=until if verb == "silence" else None,
    )  # fmt: skip


def appealed(decision, words="It was meant kindly."):
    return appeal(decision=decision, author=decision.item.author, words=words)


def answered(made, by=None, overturn=True):
    return answer_appeal(
        appeal=made, by=by or desk.moderator(), overturn=overturn, answer="We looked again."
    )


def refused(code, act, *args, **more):
    before = (Appeal.objects.count(), Decision.objects.count(), Entry.objects.count())
    with pytest.raises(DomainError) as error:
        act(*args, **more)
    assert error.value.code == code
    assert before == (Appeal.objects.count(), Decision.objects.count(), Entry.objects.count())


def now(item):
    return Item.objects.get(pk=item.pk)


def told():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_an_author_appeals_and_another_moderator_restores(leaves):
    item = desk.write()
    first = decided(item)
    made = answered(appealed(first))
    assert (made.outcome, made.answer) == ("overturned", "We looked again.")
    assert now(item).standing == leaves.stands[item.key] == "shown"
    last = Decision.objects.order_by("-pk").first()
    assert (last.verb, last.before, last.after, last.by) == ("restore", "hidden", "shown", made.by)
    assert last.statement == ""
    assert told() == ["item.decided", "appeal.made", "appeal.answered"]


def test_a_decision_that_stands_changes_nothing(leaves):
    item = desk.write()
    made = answered(appealed(decided(item)), overturn=False)
    assert (made.outcome, now(item).standing) == ("upheld", "hidden")
    assert Decision.objects.count() == 1


@pytest.mark.adversary("D2")
@pytest.mark.adversary("D11")
def test_who_may_answer(leaves):
    city, millbank, northgate = desk.areas()
    item, decider = desk.write(area=millbank), desk.moderator(millbank)
    made = appealed(decided(item, by=decider))
    author_who_moderates = item.author
    author_who_moderates.grants.create(role="moderator")
    nobody = [
        decider,
        User.objects.get(pk=item.author_id),
        desk.moderator(northgate),
        desk.resident(),
    ]
    for by in nobody:
        refused("appeal.forbidden", answered, made, by)
    for by in (desk.moderator(), desk.moderator(city), desk.moderator(millbank)):
        Appeal.objects.update(outcome="", answered_at=None)
        assert answered(made, by, overturn=False).by == by


def test_who_may_appeal_against_what(leaves):
    decision = decided(desk.write())
    for other in (desk.resident(), desk.moderator(), decision.by):
        refused("decision.not-found", appeal, decision=decision, author=other, words="No.")
    refused("appeal.incomplete", appealed, decision, " \n ")
    refused("appeal.incomplete", appealed, decision, "x" * 2_001)
    for verb in sorted(set(Verb) - APPEALABLE):
        made = Decision.objects.create(item=decision.item, verb=verb, before="shown", after="shown")
        refused("appeal.forbidden", appealed, made)


def test_sent_twice_it_is_one_appeal_and_one_answer(leaves):
    decision = decided(desk.write())
    made = appealed(decision)
    assert appealed(decision) == made
    refused("appeal.conflict", appealed, decision, "And another thing.")
    answered(made)
    refused("item.conflict", answered, made)
    refused("item.conflict", answered, made, overturn=False)
    refused("appeal.incomplete", answer_appeal, appeal=made, by=desk.moderator(), overturn=True,
            answer=" ")  # fmt: skip


def tried(item, verb):
    """Decide it, if that can be decided now."""
    try:
        return decided(item, verb)
    except DomainError as error:
        assert error.code == "item.conflict"
        return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    before=st.lists(st.sampled_from([Verb.APPROVE, Verb.HIDE, Verb.RETURN]), max_size=2),
    verb=st.sampled_from([Verb.HIDE, Verb.REMOVE, Verb.RETURN]),
    later=st.lists(st.sampled_from([Verb.REMOVE, Verb.RESTORE, Verb.LOCK]), max_size=2),
)
def test_what_is_taken_back_stands_as_before_unless_it_was_decided_anew(
    leaves, before, verb, later
):
    """The decision under appeal is undone; what came after it is not."""
    item = desk.held()
    for each in before:
        tried(item, each)
    stood = Standing(now(item).standing)
    if after(verb, stood) is None:
        return
    made = appealed(decided(item, verb))
    changed = [each for each in later if tried(item, each) and each != Verb.LOCK]
    stands = now(item).standing
    answered(made)
    assert now(item).standing == (stands if changed else taken_back(stood))
    assert now(item).standing == leaves.stands[item.key]


@pytest.mark.parametrize("verb", ["silence", "ban"])
def test_a_sanction_that_is_taken_back_is_over(leaves, verb):
    item = desk.write()
    made = appealed(decided(item, verb))
    answered(made)
    assert Sanction.objects.get().lifted_at
    assert Decision.objects.filter(verb="lift").count() == 1
    desk.write("Again", author=item.author)


def test_a_sanction_of_more_than_one_s_area_is_not_lifted_by_answering(leaves):
    """The text was moved since: it stands where somebody moderates who may not lift it."""
    _city, millbank, _north = desk.areas()
    item = desk.write()
    made = appealed(decided(item, "ban"))
    Item.objects.filter(pk=item.pk).update(area=millbank)
    refused(
        "appeal.forbidden", answer_appeal, appeal=made, by=desk.moderator(millbank), overturn=True,
        answer="Yes.",
    )  # fmt: skip
    assert Sanction.objects.get().lifted_at is None
    assert answered(made).outcome == "overturned"


def test_who_objected_to_a_hidden_text_stays_right_when_its_removal_is_taken_back(leaves):
    item = desk.write()
    flag = flag_text(kind=desk.KIND, key=item.key, by=desk.resident(), why="spam")
    decided(item, "hide")
    answered(appealed(decided(item, "remove")))
    flag.refresh_from_db()
    assert (now(item).standing, flag.upheld) == ("hidden", True)


def test_a_lock_that_is_taken_back_is_open(leaves):
    item = desk.write()
    answered(appealed(decided(item, "lock")))
    assert leaves.locked == {item.key: False}
    other = desk.write()
    made = appealed(decided(other, "lock"))
    decided(other, "unlock")
    answered(made)
    assert Decision.objects.filter(item=other).count() == 2


def test_an_appeal_of_somebody_who_has_gone_is_answered(leaves):
    made = appealed(decided(desk.write()))
    erase_account(person=made.decision.item.author, keep_texts=True)
    made.refresh_from_db()
    assert (made.words, made.outcome) == ("", "")
    assert answered(made).outcome == "overturned"


def test_where_the_decider_has_gone_anybody_else_answers(leaves):
    decider = desk.moderator()
    made = appealed(decided(desk.write(), by=decider))
    decider.grants.all().delete()
    erase_account(person=User.objects.get(pk=decider.pk), keep_texts=True)
    made.refresh_from_db()
    assert answered(Appeal.objects.get()).outcome == "overturned"
