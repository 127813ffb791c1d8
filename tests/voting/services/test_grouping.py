"""What pages say of who took part: by level and by channel, and of nobody alone."""

from collections import Counter

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engage.identity.domain.levels import Level
from tests.voting import polls
from voting.models import Pass, Poll
from voting.selectors import poll_tally
from voting.services.grouping import counted, show_groups
from voting.services.merging import merge_intake
from voting.services.passing import issue_pass
from voting.tick import tell

pytestmark = pytest.mark.django_db


def collect(poll, channel=None, **levels):
    for name, number in levels.items():
        for _person in range(number):
            person = polls.participant(level=Level[name])
            blinded = polls.voter_without_pass(poll).blinded
            issue_pass(poll=poll, person=person, blinded=blinded, channel=channel)


def shown(poll, kind="by_level"):
    show_groups(poll=poll)
    return poll_tally(poll.pk)[kind]


def page(poll):
    return Client(headers={"Accept": "text/html"}).get(f"/polls/{poll.pk}/").content.decode()


def test_what_runs_is_a_recount_in_one_query():
    poll = polls.opened()
    collect(poll, PARTICIPANT=3, ADDRESS=2)
    collect(poll, "phone", IN_PERSON=1)
    with CaptureQueriesContext(connections["default"]) as asked:
        cells = counted(poll)
    assert len(asked) == 1
    rows = list(Pass.objects.values_list("level", "channel"))
    by_level = Counter(str(level) for level, _channel in rows)
    assert cells["level"] == {str(int(level)): by_level[str(int(level))] for level in Level}
    assert cells["channel"] == {"self": 5, "paper": 0, "phone": 1}
    assert {sum(each.values()) for each in cells.values()} == {len(rows)}


def test_passes_from_before_levels_were_kept_count_at_the_level_that_was_asked():
    poll = polls.opened(who="residents", level=3)
    for number in range(5):
        collect(poll, IN_PERSON=1)
        Pass.objects.update(level=None)
        assert counted(poll)["level"] == {"3": number + 1, "4": 0}


@pytest.mark.adversary("J3")
def test_small_groups_are_joined_and_stand_still_until_five_came():
    poll = polls.opened()
    collect(poll, PARTICIPANT=4)
    assert shown(poll) == {}
    collect(poll, ADDRESS=6)
    assert shown(poll) == {"0_1_2_3_4": 10}
    collect(poll, PARTICIPANT=1)
    assert shown(poll) == {"0_1_2_3_4": 10}
    collect(poll, PARTICIPANT=4)
    assert shown(poll) == {"0": 9, "1_2_3_4": 6}
    collect(poll, PARTICIPANT=6, ADDRESS=1)
    assert shown(poll) == {"0": 9, "1_2_3_4": 6}
    collect(poll, IN_PERSON=4)
    assert shown(poll) == {"0": 15, "1_2": 7, "3_4": 4} or shown(poll) == {"0": 15, "1_2_3_4": 11}


@pytest.mark.adversary("J3")
def test_who_was_helped_is_split_only_as_a_whole():
    poll = polls.opened()
    collect(poll, PARTICIPANT=9)
    collect(poll, "paper", EMAIL=3)
    collect(poll, "phone", EMAIL=6)
    assert shown(poll, "by_channel") == {"self": 9, "paper_phone": 9}


def test_no_page_shows_a_group_that_is_too_small():
    poll = polls.opened()
    collect(poll, PARTICIPANT=3, ADDRESS=2)
    show_groups(poll=poll)
    assert "data-live-groups" not in page(poll)
    collect(poll, PARTICIPANT=4, ADDRESS=4)
    show_groups(poll=poll)
    told = page(poll)
    assert told.count("data-live-groups") == 1
    assert "E-mail address confirmed / Address confirmed by letter" in told


def test_the_page_the_gauge_and_the_result_say_the_same():
    poll = polls.opened(who="residents", level=2)
    collect(poll, ADDRESS=7, IN_PERSON=5)
    leaf = voter_with_address(poll)
    polls.cast_ballot(poll=poll.pk, raw=leaf)
    merge_intake(poll=poll.pk)
    show_groups(poll=poll)
    tell(poll)
    poll.refresh_from_db()
    wanted = {"2": 8, "3_4": 5}
    assert poll.groups["level"] == poll_tally(poll.pk)["by_level"] == wanted
    assert 'data-cells="2 3_4"' in page(poll)
    ended = page(polls.ended(poll))
    for words in ("Who took part", "Address confirmed by letter", "Of <span"):
        assert words in ended
    assert client_json(poll)["by_level"] == wanted


def voter_with_address(poll):
    voter, person = polls.voter_without_pass(poll), polls.participant(level=Level.ADDRESS)
    voter.finish(issue_pass(poll=poll, person=person, blinded=voter.blinded))
    return voter.ballot("a")


def client_json(poll):
    return Client().get(f"/polls/{poll.pk}/tally.json").json()


def test_what_shrank_or_was_shown_twice_changes_nothing():
    poll = polls.opened()
    collect(poll, PARTICIPANT=9, ADDRESS=9)
    first = shown(poll)
    with CaptureQueriesContext(connections["default"]) as asked:
        assert shown(poll) == first
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]
    Pass.objects.filter(level=2).delete()
    assert shown(poll) == first


def test_a_draft_has_no_groups():
    assert Poll.objects.get(pk=polls.draft().pk).groups == {}
