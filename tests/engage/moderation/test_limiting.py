"""How much one may write: counted from rows, exact however many tries come at once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.trust import LIMITS, Level, What
from engage.moderation.models import Flag, Item
from engage.moderation.selectors.trust import standing_of
from engage.moderation.services.limiting import spend_flag, spend_text
from engage.web.limits import TooMany
from tests.engage.moderation.texts import item, known_for, objected, trusted
from tests.voting import polls

NEW = LIMITS[Level.NEW]
COLUMNS = [(What.LINKS, "links"), (What.PICTURES, "pictures"), (What.MENTIONS, "mentions")]


@pytest.mark.django_db
@pytest.mark.adversary("H5")
def test_a_new_account_writes_as_much_as_the_table_says_and_is_told_how_long_to_wait():
    author = polls.person()
    for minute in range(NEW[What.POSTS]):
        spend_text(author=author)
        item(author, ago=timedelta(minutes=50 - minute))
    with pytest.raises(TooMany) as refusal:
        spend_text(author=author)
    assert 590 <= refusal.value.seconds <= 600
    assert "10 texts" in refusal.value.sentence
    assert "10 minutes" in refusal.value.sentence
    Item.objects.filter(author=author).update(written_at=timezone.now() - timedelta(hours=1))
    spend_text(author=author)


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "column"), COLUMNS)
@pytest.mark.adversary("H5")
def test_what_a_text_holds_is_counted_over_all_texts_of_the_hour(what, column):
    author, limit = polls.person(), NEW[what]
    item(author, **{column: limit - 1}, ago=timedelta(minutes=30))
    spend_text(author=author, **{column: 1})
    with pytest.raises(TooMany) as refusal:
        spend_text(author=author, **{column: 2})
    assert 1_790 <= refusal.value.seconds <= 1_800
    with pytest.raises(TooMany) as refusal:
        spend_text(author=author, **{column: limit + 1})
    assert refusal.value.seconds == 3_600
    assert "Take some out" in refusal.value.sentence
    spend_text(author=polls.person(), **{column: limit})


@pytest.mark.django_db
def test_a_change_of_a_text_spends_only_what_it_adds(django_assert_num_queries):
    author = polls.person()
    for _ in range(NEW[What.POSTS]):
        item(author)
    with django_assert_num_queries(2):  # a savepoint
        spend_text(author=author, posts=0, links=0, mentions=-2)
    spend_text(author=author, posts=0, links=1)
    with pytest.raises(TooMany):
        spend_text(author=author, posts=0, links=NEW[What.LINKS] + 1)


@pytest.mark.django_db
def test_trust_opens_the_limits_and_a_text_rightly_objected_to_closes_them():
    author = known_for(days=20, texts=15)
    spend_text(author=author, links=LIMITS[Level.TRUSTED][What.LINKS])
    bad = item(author, standing="hidden")
    objected(bad, upheld=True)
    objected(bad, upheld=True)  # of one text, however many object
    assert standing_of(author, timezone.now()).objected == 1
    with pytest.raises(TooMany):
        spend_text(author=author, links=LIMITS[Level.KNOWN][What.LINKS] + 1)
    Item.objects.filter(pk=bad.pk).update(standing="shown")  # another moderator took it back
    spend_text(author=author, links=LIMITS[Level.TRUSTED][What.LINKS])


@pytest.mark.django_db
def test_only_texts_that_stood_for_a_day_and_wait_for_nobody_count():
    author, now = known_for(days=3, texts=3), timezone.now()
    item(author)
    item(author, ago=timedelta(days=2), standing="held", queued_at=now)
    item(author, ago=timedelta(days=2), queued_at=now)
    objected(item(author, ago=timedelta(days=91), standing="removed"), upheld=True)
    objected(item(author, ago=timedelta(days=2), standing="removed"), upheld=False)
    found = standing_of(author, now)
    assert (found.days, found.accepted, found.objected) == (3, 3, 0)


@pytest.mark.django_db
def test_whoever_moderates_has_no_limit_and_an_organiser_has():
    for person in (trusted("moderator"), trusted("organiser")):
        for _ in range(NEW[What.POSTS]):
            item(person)
    spend_text(author=Item.objects.first().author, links=500)
    spend_flag(by=Item.objects.first().author)
    with pytest.raises(TooMany):
        spend_text(author=Item.objects.last().author)


@pytest.mark.django_db
@pytest.mark.adversary("H5")
def test_objections_have_their_own_limit():
    reader, author = polls.person(), polls.person()
    for _ in range(NEW[What.FLAGS]):
        spend_flag(by=reader)
        objected(item(author), by=reader, at=timezone.now() - timedelta(minutes=59))
    with pytest.raises(TooMany) as refusal:
        spend_flag(by=reader)
    assert 1 <= refusal.value.seconds <= 60
    assert "objected to 5 texts" in refusal.value.sentence
    spend_text(author=reader)


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_what_was_written(django_assert_num_queries):
    author = polls.person()
    for texts in (1, 8):
        author = polls.person()
        for _ in range(texts):
            item(author)
        with django_assert_num_queries(6):  # a savepoint, roles, lock, trust, the hour
            spend_text(author=author)


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("H5")
@pytest.mark.parametrize("verb", ["write", "object"])
def test_of_a_hundred_tries_at_once_exactly_the_limit_gets_through(at_once, verb):
    person = polls.person()
    texts = [item(None) for _ in range(100)]

    def attempt(number):
        with transaction.atomic():
            if verb == "write":
                spend_text(author=User.objects.get(pk=person.pk))
                item(person)
            else:
                spend_flag(by=User.objects.get(pk=person.pk))
                objected(texts[number], by=person)
        return True

    answers = at_once(attempt, 100)
    refused = [answer for answer in answers if isinstance(answer, TooMany)]
    through = answers.count(True)
    assert through + len(refused) == 100, answers
    stored = Item.objects.filter(author=person) if verb == "write" else Flag.objects.all()
    assert through == stored.count() == NEW[What.POSTS if verb == "write" else What.FLAGS]
