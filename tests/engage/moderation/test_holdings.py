"""What moderation holds of somebody: handed over whole, and gone without a trace when they go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engage.identity.holdings import holdings
from engage.identity.models import User
from engage.identity.processing import stored
from engage.identity.services.erasing import erase_account
from engage.moderation.holdings import MODERATION, export
from engage.moderation.models import Appeal, Decision, Flag, Item, Remark, Sanction
from engage.moderation.services.appealing import answer_appeal, appeal
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from engage.moderation.services.flagging import flag_text
from engage.moderation.services.remarking import remark
from tests import everywhere
from tests.engage.moderation import desk

pytestmark = pytest.mark.django_db
NAME = "Zenobia Council"
TRACES = (NAME, "zenobia.quill@town.example", "Dear Zenobia", "I, Zenobia", "Yes, Zenobia",
          "Zenobia is known", "Zenobia objects", "zenobia-network")  # fmt: skip


@pytest.fixture
def person(leaves):
    """Zenobia, of whom there is something in every table of the desk that can have it."""
    person = User.objects.create_user(TRACES[1], display_name=NAME)
    by = desk.moderator()
    item = desk.write(author=person, network="zenobia-network")
    silenced = desk.write("Another text", author=person)
    until = timezone.now() + timedelta(days=3)
    remark(item=item, by=by, text="Zenobia is known to us.")
    flag_text(kind=desk.KIND, key=item.key, by=desk.resident(), why="spam", words="")
    made = decide(item=item, by=by, verb="hide", reason=desk.reason(), statement="Dear Zenobia")
    decide(
        item=silenced, by=by, verb="silence", reason=desk.reason(), statement="Dear Zenobia",
        until=until,
    )  # fmt: skip
    asked = appeal(decision=made, author=person, words="I, Zenobia, object.")
    answer_appeal(appeal=asked, by=desk.moderator(), overturn=False, answer="Yes, Zenobia.")
    flag_text(
        kind=desk.KIND, key=desk.write("Of others").key, by=person, why="hate",
        words="Zenobia objects",
    )  # fmt: skip
    return person


def test_it_is_registered_above_identity(leaves):
    names = [holding.name for holding in holdings()]
    assert names.index("identity") < names.index("moderation") < names.index("voting")
    assert MODERATION in holdings()


def test_everything_about_the_person_is_handed_over(person):
    desk.write("Of somebody else")
    rows = export(person)
    counted = {row["table"]: 0 for row in rows}
    for row in rows:
        counted[row["table"]] += 1
        assert set(row) - {"table"} <= set(stored()[row["table"]])
    assert counted == {
        "moderation.item": 2, "moderation.signal": 4, "moderation.flag": 1,
        "moderation.decision": 2, "moderation.appeal": 1, "moderation.sanction": 1,
    }  # fmt: skip
    told = repr(rows)
    for words in ("Dear Zenobia", "I, Zenobia", "Yes, Zenobia", "Zenobia objects"):
        assert words in told
    assert "is known" not in told


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_as_many_queries_for_one_text_as_for_three(
    leaves, django_assert_num_queries, number
):
    author = desk.resident()
    for i in range(number):
        desk.held(text=f"{i}", author=author)
    with django_assert_num_queries(6):
        assert len(export(author)) == 2 * number


@pytest.mark.adversary("J4")
@pytest.mark.parametrize("keep_texts", [True, False])
def test_nothing_leads_to_the_erased_and_counts_stay(person, keep_texts):
    key = person.pk
    assert everywhere.found([*TRACES, key]) != set()
    before = (Item.objects.count(), Decision.objects.count(), Appeal.objects.count())
    others = Flag.objects.exclude(by=person).count()
    erase_account(person=person, keep_texts=keep_texts)
    assert everywhere.found([*TRACES, key]) == set()
    assert (Item.objects.count(), Decision.objects.count(), Appeal.objects.count()) == before
    assert Flag.objects.count() == others
    assert (Sanction.objects.count(), Remark.objects.count()) == (0, 0)
    left = Item.objects.filter(author=None)
    assert {item.standing for item in left} == ({"hidden", "shown"} if keep_texts else {"removed"})
    assert keep_texts or not left.exclude(queued_at=None).exists()


def test_who_was_called_like_an_office_twice_can_go(leaves):
    person = desk.resident("Moderator Ann")
    item = desk.write(author=person)
    person.display_name = "Moderator Bo"
    person.save(update_fields=["display_name"])
    desk.write("Other words of hers.", author=person, key=item.key)
    assert item.signals.filter(name="lookalike").count() == 2
    erase_account(person=person, keep_texts=True)
    assert everywhere.found(["Moderator Ann", "Moderator Bo", person.pk]) == set()


def test_a_moderator_who_goes_leaves_decisions_of_nobody(leaves):
    by, item = desk.moderator(name="Mo Derat"), desk.held()
    claim_item(item=item, by=by)
    remark(item=item, by=by, text="Looks fine.")
    decide(item=item, by=by, verb="approve", reason=None, statement="")
    other = desk.held()
    claim_item(item=other, by=by)
    by.grants.all().delete()
    erase_account(person=User.objects.get(pk=by.pk), keep_texts=True)
    assert (Decision.objects.get().by, Remark.objects.get().by) == (None, None)
    assert Item.objects.get(pk=other.pk).claimed_by is None
    assert everywhere.found(["Mo Derat", by.pk]) == set()
