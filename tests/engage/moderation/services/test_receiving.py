"""Texts on their way in: what keeps them out, what holds them, what is noticed and told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.models import RoleGrant, User
from engage.identity.services.forgetting import forget
from engage.journal.models import Entry
from engage.moderation.domain.desk_topics import desk_topics
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item, Signal, Word
from engage.moderation.services.deciding import decide
from engage.moderation.services.networks import network_mark
from engage.moderation.services.receiving import look_over, relocate
from engage.web.limits import TooMany
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db


def told(kind: str | None = None) -> list[tuple]:
    entries = Entry.objects.filter(kind=kind) if kind else Entry.objects.all()
    return list(entries.order_by("pk").values_list("topic", "kind", "data"))


def noticed(item):
    return [(signal.name, signal.detail) for signal in item.signals.all()]


def listed(word, action, **more):
    return Word.objects.create(word=word, action=action, **more)


def test_a_text_of_somebody_known_is_shown_and_waits_for_nobody(leaves):
    item = desk.write()
    assert (item.standing, item.queued_at, noticed(item), told()) == ("shown", None, [], [])
    assert len(item.fold) == 64


def test_a_place_that_looks_first_holds_every_text_but_moderators_own(leaves):
    _city, millbank, northgate = desk.areas()
    item = desk.held(area=millbank)
    assert (item.standing, noticed(item)) == ("held", [("space", "")])
    fact = {"item": item.pk}
    assert told() == [(each, "item.arrived", fact) for each in desk_topics(millbank.path)]
    own = desk.held(author=desk.moderator(millbank), area=millbank)
    assert (own.standing, own.queued_at) == ("shown", None)
    elsewhere = desk.held(author=desk.moderator(northgate), area=millbank)
    assert elsewhere.standing == "held"


def test_words_of_the_list_do_what_the_list_says(leaves):
    listed("idiot", "hold")
    listed("advert", "flag")
    listed("darn", "replace", replacement="oh")
    listed("heck", "replace")
    listed("swine", "block")
    listed("Depp", "block", language="de")
    held = desk.write("You 1d1\u200bot, ADVERT!")
    assert (held.standing, noticed(held)) == ("held", [("word", "idiot"), ("word", "advert")])
    shown = desk.write("An advert, not a Depp.")
    assert (shown.standing, noticed(shown)) == ("shown", [("word", "advert"), ("word", "Depp")])
    assert shown.queued_at, "a word of another language is pointed to, and no more"
    verdict = looked_over("D-a-r-n it, what the heck?")
    assert (verdict.text, verdict.signals) == ("oh it, what the …?", ())
    before = Item.objects.count()
    for text, language in (("You ѕwine", "en"), ("Du Dêpp", "de")):
        with pytest.raises(DomainError, match=r"“(swine|Depp)”") as refused:
            looked_over(text, language=language)
        assert refused.value.code == "text.blocked"
    assert Item.objects.count() == before


def looked_over(text, author=None, **more):
    values = {"kind": desk.KIND, "author": author or desk.resident(), "area": None,
              "language": "en"}  # fmt: skip
    with transaction.atomic():
        return look_over(text=text, **values | more)


def test_moderators_words_are_looked_at_and_replaced_like_everybody_s(leaves):
    listed("darn", "replace", replacement="oh")
    listed("swine", "block")
    by = desk.moderator()
    assert looked_over("Darn it", by).text == "oh it"
    with pytest.raises(DomainError, match="swine"):
        looked_over("swine", by)


@pytest.mark.adversary("H6")
def test_a_hundred_copies_with_invisible_changes_are_found_to_be_copies(leaves):
    text = "Buy cheap tickets for the fair at our new shop today"
    copies = [
        desk.write(text[:i] + "\u200b" * (i % 5) + text[i:].replace("e", "еe"[i % 2]))
        for i in range(1, 51)
    ]
    copies += [desk.write(text.upper() + "!" * i, author=desk.resident()) for i in range(50)]
    assert len({item.fold for item in copies}) == 1
    assert [("copy" in dict(noticed(item))) for item in copies] == [False] * 2 + [True] * 98
    assert noticed(copies[9]) == [("copy", "10")]


def test_copies_of_a_week_ago_are_nobody_s_business(leaves):
    text = "Buy cheap tickets for the fair at our new shop today"
    for _ in range(3):
        desk.write(text)
    Item.objects.update(written_at=timezone.now() - timedelta(days=7, minutes=1))
    assert noticed(desk.write(text)) == []


def test_a_burst_is_noticed_with_its_fifth_text(leaves):
    author = desk.resident()
    texts = [desk.write(f"The number {i} bus is late", author=author) for i in range(6)]
    assert [noticed(text) for text in texts] == [[]] * 4 + [[("burst", "5")], [("burst", "6")]]


def test_many_accounts_of_one_network_are_noticed_within_an_hour(leaves):
    author = desk.resident()
    for i in range(3):
        assert noticed(desk.write(f"Mine, {i}", author=author, network="n" * 64)) == []
    others = [noticed(desk.write(f"Text {i}", network="n" * 64)) for i in range(3)]
    assert others == [[], [], [("network", "4")]]
    Item.objects.update(written_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert noticed(desk.write(network="n" * 64, text="Another")) == []
    assert noticed(desk.write(text="Without a mark")) == []


@pytest.mark.adversary("H4")
def test_who_is_called_like_an_office_is_noticed_unless_they_work_for_the_town(leaves):
    for name in ("Eddersford Cоuncil", "Moderat0r"):
        assert noticed(desk.write(f"I am {name}", author=desk.resident(name))) == [
            ("lookalike", name)
        ]
    clerk = desk.resident("Council Desk")
    RoleGrant.objects.create(person=clerk, role="organiser")
    assert noticed(desk.write(author=User.objects.get(pk=clerk.pk))) == []


def test_new_accounts_are_noticed_for_three_days(leaves):
    assert noticed(desk.write(author=desk.resident(days=2))) == [("new-account", "")]
    assert noticed(desk.write(author=desk.resident(days=3))) == []


def test_who_writes_too_much_is_refused_before_anything_is_stored(leaves):
    author = desk.resident(days=0)
    for i in range(10):
        desk.write(f"{i}", author=author)
    with pytest.raises(TooMany):
        desk.write(author=author)
    assert Item.objects.count() == 10
    by = desk.moderator()
    for i in range(11):
        desk.write(f"{i}", author=by)


def edited(item, text="Another text altogether", **more):
    return desk.write(text, author=item.author, area=item.area, key=item.key, **more)


def test_a_changed_text_is_the_same_item_and_no_new_one(leaves):
    item = desk.write()
    again = edited(item, "A word more, and the place where it stands: https://a.example")
    assert (again.pk, again.written_at) == (item.pk, item.written_at)
    assert (again.links, again.queued_at) == (1, None)
    assert again.fold != item.fold


def test_a_changed_text_costs_only_what_it_has_more(leaves):
    author = desk.resident(days=0)
    link = "See https://a.example and what is written there, please. "
    item = desk.write(link * 3, author=author)
    assert edited(item, link * 3 + "So.").links == 3
    with pytest.raises(TooMany):
        edited(item, link * 4)


@pytest.mark.parametrize(
    ("verb", "stands"), [("hide", "hidden"), ("remove", "removed"), ("return", "held")]
)
def test_a_text_that_was_decided_on_and_is_changed_comes_back(leaves, verb, stands):
    item = desk.write()
    decide(item=item, by=desk.moderator(), verb=verb, reason=desk.reason(), statement="So.")
    again = edited(item)
    assert (again.standing, noticed(again)) == (stands, [("edited", "")])
    assert again.queued_at
    assert leaves.stands[item.key] == stands


def test_a_moderator_s_own_text_that_was_returned_waits_for_another_one(leaves):
    """Else they would take the decision on their own text back by changing a blank."""
    item = desk.write(author=desk.moderator())
    decide(item=item, by=desk.moderator(), verb="return", reason=desk.reason(), statement="So.")
    again = edited(item)
    assert (again.standing, bool(again.queued_at)) == ("held", True)


def test_an_approved_text_that_is_changed_is_shown_and_looked_at_again(leaves):
    item = desk.held()
    decide(item=item, by=desk.moderator(), verb="approve", reason=None, statement="")
    again = edited(item)
    assert (again.standing, ("edited", "") in noticed(again)) == ("shown", True)
    assert again.queued_at
    assert edited(item).signals.count() == again.signals.count()


def test_a_text_that_goes_wrong_tells_nobody(leaves):
    with pytest.raises(RuntimeError), transaction.atomic():
        desk.held()
        raise RuntimeError
    assert (told(), Item.objects.count(), Signal.objects.count()) == ([], 0, 0)


@pytest.mark.adversary("E14")
@pytest.mark.parametrize(
    "text",
    ["\u202e" * 50, "Z" + "\u0301" * 500, "\U000e0041" * 99, "\u3164", "👩‍👩‍👧" * 50, "\u200b"],
)
def test_odd_texts_are_looked_over_like_others(leaves, text):
    listed("idiot", "hold")
    assert looked_over(text).standing == Standing.SHOWN


def test_the_desk_moves_with_the_text(leaves):
    _city, millbank, northgate = desk.areas()
    item, quiet = desk.held(area=millbank), desk.write(area=millbank)
    before = len(told())
    relocate(kind=desk.KIND, keys=[item.key, quiet.key], area=northgate)
    assert set(Item.objects.values_list("area", flat=True)) == {northgate.path}
    arrived = [topic for topic, kind, _data in told()[before:] if kind == "item.arrived"]
    assert arrived == desk_topics(northgate.path)
    relocate(kind=desk.KIND, keys=[item.key], area=None)
    relocate(kind=desk.KIND, keys=[item.key], area=None)
    assert Item.objects.get(pk=item.pk).area is None


@pytest.mark.adversary("I13")
def test_a_network_is_known_by_a_mark_of_the_day_that_goes_after_a_week(leaves, settings):
    def mark(address):
        return network_mark(RequestFactory().get("/", REMOTE_ADDR=address))

    assert mark("203.0.113.9") == mark("203.0.113.9") != mark("203.0.113.10")
    assert mark("2001:db8::7") == mark("2001:db8::8") != mark("2001:db8:0:1::7")
    assert "203.0.113.9" not in mark("203.0.113.9")
    first = mark("203.0.113.9")
    settings.SECRET_KEY = "another"
    assert mark("203.0.113.9") != first
    by = desk.moderator()  # an account that nobody confirmed would go itself
    item, newer = (desk.write(text, author=by, network=first) for text in ("Older", "Newer"))
    now = timezone.now()
    Item.objects.filter(pk=item.pk).update(written_at=now - timedelta(days=7))
    Item.objects.filter(pk=newer.pk).update(written_at=now - timedelta(days=6, hours=23))
    assert {each.what: each.count for each in forget(now, dry_run=True)}["networks"] == 1
    assert {each.what: each.count for each in forget(now)}["networks"] == 1
    assert Item.objects.get(pk=item.pk).network == ""
    assert Item.objects.get(pk=newer.pk).network == first
