"""A thread becomes a poll: its words go along, each links to the other, and once only."""

import pytest
from django.test import Client

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from forums.services.carrying import carry_on, onward_for
from tests.forums import forum
from tests.forums.forum import told
from tests.voting.areas import ELSEWHERE, HERE, staff
from voting.models import Poll

pytestmark = pytest.mark.django_db


def test_a_thread_becomes_a_draft_that_links_back_and_is_linked_to():
    thread = forum.thread(forum.category(HERE), title="Trees?", text="Which *kind*?")
    by = staff("organiser", HERE)
    turned = carry_on(thread=thread, by=by, kind="poll")
    poll = Poll.objects.get()
    assert (poll.title, poll.state, poll.organiser) == ("Trees?", Poll.State.DRAFT, by)
    assert poll.area_id == HERE
    assert poll.description.endswith("\n\nWhich *kind*?")
    assert f'href="/threads/{thread.pk}/"' in str(poll.description_html)
    assert turned.became == f"poll.{poll.pk}"
    assert told(thread)[-1] == ("thread.changed", {})


@pytest.mark.adversary("B2", "D13")
def test_of_the_draft_readers_of_the_thread_learn_no_word():
    thread = forum.thread(forum.category(HERE))
    carry_on(thread=thread, by=staff("organiser", HERE), kind="poll")
    poll = Poll.objects.get()
    Poll.objects.update(title="Secret question")
    stranger = Client()
    assert b"Secret" not in stranger.get(f"/threads/{thread.pk}/").content
    assert stranger.get(f"/polls/{poll.pk}/").status_code == 404


def test_the_text_goes_along_as_far_as_there_is_room_and_the_link_always():
    thread = forum.thread(text="word " * 4_000)
    carry_on(thread=thread, by=staff("organiser", None), kind="poll")
    assert f"(/threads/{thread.pk}/)" in Poll.objects.get().description


def refused(code, **asked):
    with pytest.raises(DomainError) as error:
        carry_on(**{"kind": "poll", **asked})
    assert error.value.code == code
    assert not Poll.objects.exists()


@pytest.mark.adversary("D1", "D4")
@pytest.mark.parametrize(
    "who",
    [forum.person, lambda: staff("moderator", HERE), lambda: staff("organiser", ELSEWHERE)],
    ids=["resident", "moderator", "organiser elsewhere"],
)
def test_nobody_else_turns_it(who):
    person, thread = who(), forum.thread(forum.category(HERE))
    assert onward_for(person, thread) == []
    refused("thread.forbidden", thread=thread, by=person)


def test_what_moderators_hid_is_not_carried_on():
    thread = forum.thread(forum.category(HERE), standing=Standing.HIDDEN)
    refused("thread.not-found", thread=thread, by=staff("organiser", HERE))


def test_there_is_no_other_kind():
    thread = forum.thread()
    refused("thread.forbidden", thread=thread, by=staff("organiser", None), kind="petition")


@pytest.mark.django_db(transaction=True)
def test_at_once_it_becomes_one(at_once):
    thread, by = forum.thread(), staff("organiser", None)
    answers = at_once(lambda _i: carry_on(thread=thread, by=by, kind="poll").became, 6)
    assert Poll.objects.count() == 1
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert {answer.code for answer in answers if not isinstance(answer, str)} == {"thread.conflict"}
