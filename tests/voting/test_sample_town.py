"""The sample town: places, roles, and polls for some only; filled twice it is the same."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.domain.places import postcode
from engage.identity.domain.roles import Role
from engage.identity.models import Area, RoleGrant, User
from engage.identity.participants import Participant
from engage.identity.selectors.residence import area_of_address
from engage.management.residents import WITHOUT_EMAIL
from engage.management.talk import CATEGORIES, THREADS
from engage.management.town import POLLS
from engage.moderation.models import Item
from forums.models import Category, Post, Thread
from voting.models import Poll
from voting.rules import missing_for_pass

pytestmark = pytest.mark.django_db


def rows():
    ours = [model for model in apps.get_models() if model._meta.app_label != "sessions"]
    return {
        model._meta.label: model.objects.using(db).count()
        for model in ours
        for db in ["ballots" if model._meta.app_label == "board" else "default"]
    }


def test_the_town_is_filled_once(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    call_command("demo", stdout=StringIO())
    before = rows()
    call_command("demo", stdout=StringIO())
    assert rows() == before
    assert before["voting.Poll"] == len(POLLS)
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role) - {"resident"}
    assert Area.objects.filter(kind="district").count() == 4
    assert area_of_address(postcode("ed1 4mb"), "12 Mill Lane").name == "Millbank"
    for poll in Poll.objects.exclude(state="draft"):
        told = sum(poll.groups["level"].values())
        assert told == poll.passes.count(), poll
    who_may_vote_where()
    what_is_talked_about()


def what_is_talked_about():
    """Every sample text is there, counted rightly, and two wait at the desk."""
    written = sum(len(thread.posts) for thread in THREADS)
    assert (Category.objects.count(), Post.objects.count()) == (len(CATEGORIES), written)
    for thread in Thread.objects.all():
        shown = thread.posts.filter(standing="shown")
        assert thread.posts_count == shown.count()
    standings = Counter(Item.objects.values_list("standing", flat=True))
    assert standings == {"shown": written - 2, "held": 1, "hidden": 1}
    assert Item.objects.exclude(queued_at=None).count() == 2
    assert {"agree": 3} in Post.objects.values_list("reactions", flat=True)
    assert not Thread.objects.exclude(told_number=F("last_number")).exists()


def who_may_vote_where():
    now = timezone.now()
    weir = Poll.objects.get(title__contains="Weir Lane")
    young = Poll.objects.get(title__contains="youth club")
    people = {user.email: Participant.of_account(user) for user in User.objects.all()}
    lacking = {
        name: (missing_for_pass(weir, person, now), missing_for_pass(young, person, now))
        for name, person in people.items()
    }
    end = "@eddersford.example"
    assert lacking[f"resident{end}"] == ((), ("level", "age-unknown"))
    assert lacking[f"neighbour{end}"] == (("area",), ("age",))
    assert lacking[f"pupil{end}"] == ((), ())
    assert lacking[f"newcomer{end}"] == (("level", "area-unknown"), ("level", "age-unknown"))
    assert people[None].level(now) == Level.IN_PERSON
    assert WITHOUT_EMAIL[0] not in str(list(User.objects.values()))
