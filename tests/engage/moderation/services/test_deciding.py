"""Deciding: who may, what it leads to, what is told; the text and the desk never say two things."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.identity.services.erasing import erase_account
from engage.journal.models import Entry
from engage.moderation import writings
from engage.moderation.domain.desk_topics import desk_topics
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import NEEDS_WORDS, SANCTIONS, Verb, after
from engage.moderation.models import Decision, Flag, Item, Sanction
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide, decide_together
from engage.moderation.services.flagging import flag_text
from engage.moderation.services.sanctioning import lift
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db


def decided(item, verb, by=None, **more):
    words = verb in NEEDS_WORDS
    values = {
        "by": by or desk.moderator(), "reason": desk.reason() if words else None,
        "statement": "We are sorry." if words else "",
        "until": timezone.now() + timedelta(days=3) if verb == "silence" else None,
        "detail": "9" if verb == "move" else "",
    }  # fmt: skip
    return decide(item=item, verb=verb, **values | more)


def refused(code, act, *args, **more):
    before = state()
    with pytest.raises(DomainError) as error:
        act(*args, **more)
    assert error.value.code == code
    assert state() == before


def state():
    items = list(Item.objects.order_by("pk").values())
    return items, Decision.objects.count(), Sanction.objects.count(), Entry.objects.count()


def now(item):
    return Item.objects.get(pk=item.pk)


def in_standing(standing, **more):
    item = desk.held(**more)
    Item.objects.filter(pk=item.pk).update(standing=standing)
    writings.kinds()[desk.KIND].let_stand(item.key, standing)
    return now(item)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("verb", Verb)
def test_every_verb_in_every_standing_does_what_the_table_says(leaves, verb, standing):
    item = in_standing(standing)
    stands = after(verb, standing)
    if stands is None or verb in ("unlock", "lift"):  # nothing is locked or silenced yet
        refused("item.conflict", decided, item, verb)
        return
    decision = decided(item, verb)
    there = now(item)
    assert (decision.before, decision.after, there.standing) == (standing, stands, stands)
    assert leaves.stands[item.key] == stands
    assert there.decided_at == decision.at
    assert decision.waited_since == item.queued_at
    assert (there.queued_at is not None) == (stands == "held")
    assert Entry.objects.filter(kind="item.decided").count() == 1


def test_a_decision_keeps_the_words_of_its_reason_as_they_read_then(leaves):
    item, why = desk.held(), desk.reason(title="Insult", rule="Rule 2")
    decision = decided(item, "hide", reason=why, statement=" Please write it again. ")
    why.title = why.rule = "Changed"
    why.save()
    decision.refresh_from_db()
    assert (decision.why, decision.rule) == ("Insult", "Rule 2")
    assert decision.statement == "Please write it again."


@pytest.mark.parametrize("verb", sorted(NEEDS_WORDS))
def test_what_takes_something_from_an_author_needs_a_reason_and_a_statement(leaves, verb):
    item = desk.held()
    refused("reason.incomplete", decided, item, verb, reason=None)
    refused("statement.incomplete", decided, item, verb, statement=" \n")
    refused("statement.incomplete", decided, item, verb, statement="x" * 2_001)


def test_nothing_but_the_table_s_words_is_decided(leaves):
    item = desk.held()
    for verb in ("", "delete", "APPROVE", "approve ", "x" * 999):
        refused("verb.not-found", decided, item, verb)
    refused("place.not-found", decided, item, "move", detail="8")
    refused("place.not-found", decided, item, "move", detail="")


@pytest.mark.adversary("D2")
@pytest.mark.adversary("D11")
def test_who_may_decide(leaves):
    city, millbank, northgate = desk.areas()
    author = desk.moderator()
    item = desk.held(area=millbank)
    Item.objects.filter(pk=item.pk).update(author=author)
    item = now(item)
    may = [desk.moderator(), desk.moderator(city), desk.moderator(millbank)]
    may.append(User.objects.create_superuser("op@town.example"))
    may_not = [author, desk.moderator(northgate), desk.resident()]
    for by in may_not:
        for verb in Verb:
            refused("item.forbidden", decided, item, verb, by)
    for by in may:
        decided(item, "approve", by)
        Item.objects.filter(pk=item.pk).update(standing="held", queued_at=timezone.now())


def test_what_somebody_else_has_claimed_is_left_to_them(leaves):
    item, ann, bo = desk.held(), desk.moderator(), desk.moderator()
    claim_item(item=item, by=ann)
    refused("item.claimed.conflict", decided, item, "approve", bo)
    Item.objects.filter(pk=item.pk).update(claimed_at=timezone.now() - timedelta(minutes=15))
    decided(item, "approve", bo)
    assert now(item).claimed_by is None


def test_what_was_decided_meanwhile_is_looked_at_again(leaves):
    item = desk.held()
    decided(item, "hide", expected="held")
    refused("item.conflict", decided, item, "approve", expected="held")
    refused("item.conflict", decided, item, "remove", expected="shown")
    decided(item, "remove", expected="hidden")


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in ("lift", "unlock", "move")])
def test_sent_twice_it_is_decided_once(leaves, verb):
    item = in_standing("hidden" if verb == "restore" else "shown")
    until = timezone.now() + timedelta(days=1)
    decided(item, verb, until=until if verb in SANCTIONS else None)
    refused("item.conflict", decided, item, verb, until=until if verb in SANCTIONS else None)


def test_locking_and_moving_reach_the_app_of_the_text(leaves):
    item = desk.write()
    decided(item, "lock")
    decided(item, "unlock")
    assert leaves.locked == {item.key: False}
    assert decided(item, "move").detail == "Somewhere else"
    assert leaves.moved == [(item.key, "9")]


def test_objections_are_answered_by_the_decision(leaves):
    outcomes = {"hide": True, "approve": False, "lock": True, "unlock": None}
    for verb, upheld in outcomes.items():
        item = desk.write()
        if verb == "unlock":
            decided(item, "lock")
        flag = flag_text(kind=desk.KIND, key=item.key, by=desk.resident(), why="spam", words="")
        Item.objects.filter(pk=item.pk).update(queued_at=timezone.now())
        decided(item, verb)
        flag.refresh_from_db()
        assert flag.upheld == upheld
    hidden = Item.objects.filter(standing="hidden").get()
    decided(hidden, "restore")
    assert Flag.objects.get(item=hidden).upheld is False


def test_a_silenced_person_is_told_until_when_and_may_write_elsewhere(leaves):
    _city, millbank, northgate = desk.areas()
    item = desk.write(area=millbank)
    author = item.author
    until = timezone.now() + timedelta(days=3)
    decided(item, "silence", until=until)
    shown = now(item)
    assert (shown.standing, leaves.stands[item.key]) == ("shown", "shown")
    with pytest.raises(DomainError, match=str(timezone.localtime(until).year)) as error:
        desk.write("Again", author=author, area=millbank)
    assert error.value.code == "author.silenced"
    desk.write("Elsewhere", author=author, area=northgate)
    refused("item.conflict", decided, item, "silence", until=until)
    Sanction.objects.update(since=until - timedelta(days=9), until=timezone.now())
    desk.write("Later", author=author, area=millbank)


def test_a_barred_person_writes_again_once_somebody_lifts_it(leaves):
    item = desk.write()
    decided(item, "ban")
    _city, millbank, _north = desk.areas()
    for area in (None, millbank):
        with pytest.raises(DomainError) as error:
            desk.write("Again", author=item.author, area=area)
        assert error.value.code == "author.barred"
    sanction = Sanction.objects.get()
    with pytest.raises(DomainError, match="never on their own"):
        lift(sanction=sanction, by=desk.moderator(millbank))
    lift(sanction=sanction, by=desk.moderator(), statement="Welcome back.")
    desk.write("Again", author=item.author)
    with pytest.raises(DomainError, match="meanwhile"):
        lift(sanction=sanction, by=desk.moderator())
    decided(item, "ban")
    decided(item, "lift")
    desk.write("And again", author=item.author)
    assert Sanction.objects.filter(lifted_at=None).count() == 0


def test_a_silence_has_an_end_that_is_to_come(leaves):
    item = desk.write()
    refused("until.incomplete", decided, item, "silence", until=None)
    refused("until.incomplete", decided, item, "silence", until=timezone.now())
    refused("until.incomplete", decided, item, "ban", until=timezone.now())


def test_a_text_whose_author_is_gone_is_decided_on_like_others(leaves):
    items = [desk.held() for _ in range(3)]
    for item in items:
        erase_account(person=item.author, keep_texts=True)
        assert now(item).author is None
    decided(items[0], "hide")
    decided(items[1], "approve")
    for verb in sorted(SANCTIONS):
        refused("author.not-found", decided, items[2], verb, until=timezone.now() + timedelta(1))
    refused("item.conflict", decided, items[2], "lift")


def test_a_kind_that_nobody_brings_is_no_text(leaves):
    item = desk.held()
    writings.withdraw(desk.KIND)
    refused("text.not-found", decided, item, "approve")


def test_what_the_app_refuses_is_not_decided(leaves):
    item = desk.held()

    def no(_key, _standing):
        raise DomainError("thread.closed")

    writings.register(writings.Kind(desk.KIND, "Leaf", leaves.show, no))
    refused("thread.closed", decided, item, "approve")
    refused("thread.closed", together, [item], "approve")
    refused("verb.not-found", decided, item, "lock")
    refused("place.not-found", decided, item, "move")


@pytest.mark.adversary("J6")
def test_the_desk_s_news_hold_no_text_and_no_name(leaves):
    _city, millbank, _north = desk.areas()
    item = desk.held(text="Weasel words", author=desk.resident("Zenobia"), area=millbank)
    decided(item, "hide", statement="Weasel statement")
    entries = list(Entry.objects.values("topic", "kind", "data"))
    assert {entry["topic"] for entry in entries} == set(desk_topics(millbank.path))
    assert all(entry["data"] == {"item": item.pk} for entry in entries)
    told = json.dumps(entries)
    assert not any(word in told for word in ("Weasel", "Zenobia", str(item.author_id)))


def together(items, verb="hide", by=None, **more):
    values = {"reason": desk.reason(), "statement": "So.", "by": by or desk.moderator()} | more
    return decide_together(items=items, verb=verb, **values)


def test_many_are_decided_at_once_and_say_so(leaves):
    items = [desk.held() for _ in range(5)]
    made = together(items, expected=5)
    assert len({decision.together for decision in made}) == 1
    assert isinstance(made[0].together, uuid.UUID)
    assert {now(item).standing for item in items} == {"hidden"} == {*leaves.stands.values()}
    assert Entry.objects.filter(kind="item.decided").count() == 5


def test_all_are_decided_or_none(leaves):
    _city, millbank, _north = desk.areas()
    items = [desk.held(area=millbank) for _ in range(3)]
    by = desk.moderator(millbank)
    refused("item.forbidden", together, [*items, desk.held()], by=by)
    own = desk.held(area=millbank)
    Item.objects.filter(pk=own.pk).update(author=by)
    refused("item.forbidden", together, [*items, own], by=by)
    claimed = desk.held()
    claim_item(item=claimed, by=desk.moderator())
    refused("item.claimed.conflict", together, [*items, claimed])
    hidden = desk.held()
    decided(hidden, "hide")
    refused("item.conflict", together, [*items, hidden])
    refused("item.conflict", together, items, expected=4)
    refused("item.conflict", together, [*items, Item(pk=10**9)])
    for verb in ("ban", "silence", "lift", "lock", "move"):
        refused("together.incomplete", together, items, verb)
    refused("together.incomplete", together, [])
    refused("together.incomplete", together, [Item(pk=n) for n in range(1, 202)])
    refused("reason.incomplete", together, items, reason=None)


def test_two_hundred_at_once_are_decided(leaves):
    author = desk.moderator()
    items = [Item(kind=desk.KIND, key=f"t{i}", author=author, standing="held",
                  queued_at=timezone.now()) for i in range(200)]  # fmt: skip
    Item.objects.bulk_create(items)
    made = together(list(Item.objects.all()), "approve", reason=None, statement="", expected=200)
    assert len(made) == 200
    assert Item.objects.filter(standing="shown", queued_at=None).count() == 200
