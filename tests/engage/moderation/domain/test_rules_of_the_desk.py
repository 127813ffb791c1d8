"""Claims, topics, folds, signals and what objections weigh: pure rules of the desk."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.domain.topics import Topic
from engage.identity.domain.areas import lineage
from engage.moderation.domain.accuracy import accuracy, bring_to_the_desk
from engage.moderation.domain.claims import LAPSES_AFTER, holds, in_the_way, lapses_at
from engage.moderation.domain.desk_topics import desk_topic_of, desk_topics
from engage.moderation.domain.folds import fold_of
from engage.moderation.domain.signals import Known, is_mostly_links, poses_as, signals

MADE = datetime(2026, 5, 1, 12, tzinfo=UTC)
PATHS = st.lists(st.from_regex(r"[a-z0-9-]{1,60}", fullmatch=True), max_size=3).map("/".join)


@given(st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_a_claim_holds_for_a_quarter_of_an_hour_and_not_a_moment_longer(passed):
    now = MADE + passed
    assert holds(MADE, now) == (passed < LAPSES_AFTER) == (now < lapses_at(MADE))
    assert in_the_way("ann", MADE, "bo", now) == holds(MADE, now)
    assert not in_the_way("ann", MADE, "ann", now)
    assert not in_the_way(None, None, "bo", now)


@given(PATHS)
def test_news_are_told_to_the_town_and_to_every_area_down_to_the_text_s(path):
    topics = desk_topics(path)
    assert topics == [desk_topic_of(each) for each in ["", *lineage(path)]]
    assert [str(Topic.parse(topic)) for topic in topics] == topics
    assert topics[0] == "desk.town"
    assert len(set(topics)) == len(topics)


@pytest.mark.adversary("H6")
@given(st.randoms(use_true_random=False))
def test_a_text_has_the_look_of_its_copies_with_invisible_changes(chance: random.Random):
    text = "Sign here to stop the tram through our park, neighbours!"
    like = {"o": "оο", "e": "е", "a": "аɑ", "p": "р", "i": "іl", "s": "ѕ", "t": "τ"}
    unseen = ["", "\u200b", "\u2060", "\u00ad", "\ufeff", "\u200d", " ", "!", "."]
    copy = "".join(
        chance.choice([char, char.upper(), *like.get(char, "")]) + chance.choice(unseen)
        for char in text
    )
    assert fold_of(copy) == fold_of(text) != ""
    assert fold_of(text.replace("tram", "road")) != fold_of(text)


def test_short_texts_are_nobody_s_copies():
    assert fold_of("Thank you!") == fold_of("") == fold_of("!!!") == ""


def names(text="We met and it was good.", name="Ann", offices=(), **known):
    facts = {"days": 9, "lately": 0, "copies": 0, "accounts": 0} | known
    return [each.name for each in signals(Known(**facts), text, name, offices)]


@pytest.mark.parametrize(
    ("known", "signal"),
    [({"days": 2}, "new-account"), ({"lately": 4}, "burst"), ({"copies": 2}, "copy"),
     ({"accounts": 3}, "network")],
)  # fmt: skip
def test_each_thing_is_noticed_from_its_own_number_on(known, signal):
    just_below = {k: v + (1 if k == "days" else -1) for k, v in known.items()}
    assert names(**known) == [signal]
    assert names(**just_below) == []


def test_mostly_links_are_noticed():
    assert is_mostly_links("https://a.example/x")
    assert is_mostly_links("[Look](https://shop.example/very/long/path) HTTPS://SHOP.EXAMPLE/2")
    assert not is_mostly_links("")
    assert not is_mostly_links("The minutes are at https://a.example, and say who was there.")


@pytest.mark.adversary("H4")
@pytest.mark.parametrize(
    "name",
    ["Moderator", "Mоderatοr Ann", "The C0uncil", "Eddersford Desk", "EDDERSFОRD", "Ｃｏｕｎｃｉｌ",
     "moder\u200bator", "Eddersford  Town Council"],
)  # fmt: skip
def test_names_that_look_like_an_office_s_are_noticed(name):
    offices = ["Eddersford", "Eddersford Town Council"]
    assert poses_as(name, offices)
    assert names(name=name, offices=offices) == ["lookalike"]


@pytest.mark.parametrize("name", ["Ann", "", "Modesta Rator", "Ed Ford", "Consul"])
def test_other_names_are_not(name):
    assert not poses_as(name, ["Eddersford", ""])


@given(st.integers(0, 999), st.integers(0, 999))
def test_accuracy_is_a_share_that_grows_with_each_right_objection(upheld, wrong):
    decided = upheld + wrong
    share = accuracy(upheld, decided)
    assert 0 < share < 1
    assert accuracy(upheld + 1, decided + 1) > share > accuracy(upheld, decided + 1)
    assert (share >= 0.5) == (upheld >= wrong)


@given(st.lists(st.floats(0, 1), max_size=8))
def test_three_objections_two_of_them_of_accurate_readers_bring_a_text_in(accuracies):
    enough = len(accuracies) >= 3 and sum(each >= 0.5 for each in accuracies) >= 2
    assert bring_to_the_desk(accuracies) == enough
    if enough:
        assert bring_to_the_desk([*accuracies, 0.0])
