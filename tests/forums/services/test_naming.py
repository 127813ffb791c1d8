"""A corrected name stands over what its person wrote, on kept pages as on open ones."""

import pytest
from django.test import Client
from django.urls import reverse

from engage.identity.services.correcting import correct_name
from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from forums.services import naming
from tests.forums import forum
from tests.voting import polls

pytestmark = pytest.mark.django_db


def test_strangers_read_the_new_name_at_once():
    thread = forum.thread()
    post = forum.post(thread)
    page = thread.get_absolute_url()
    for name in ("Rowan Reed", "Wren Ash"):
        correct_name(person=post.author, name=name)
        assert name in Client().get(page).content.decode()
    assert "Rowan Reed" not in Client().get(page).content.decode()


def test_operators_correct_a_name_everywhere_too():
    thread = forum.thread()
    page = thread.get_absolute_url()
    assert Client().get(page).status_code == 200
    operator = Client()
    operator.force_login(polls.person("operator", is_staff=True, is_superuser=True))
    change = reverse("admin:identity_user_change", args=[thread.author.pk])
    fields = {"display_name": "Wren Ash", "is_active": "on"}
    assert operator.post(change, fields).status_code == 302
    assert "Wren Ash" in Client().get(page).content.decode()


def test_the_last_posts_that_readers_see_are_told_and_no_others(monkeypatch):
    monkeypatch.setattr(naming, "MOST_TOLD", 2)
    person = forum.person()
    thread = forum.thread()
    posts = [forum.post(thread, author=person) for _ in range(3)]
    forum.post(thread, author=person, standing=Standing.HELD)
    correct_name(person=person, name="Wren Ash")
    told = Entry.objects.filter(topic=str(thread.topic), kind="post.edited").order_by("sequence")
    assert [entry.data["post"] for entry in told] == [post.pk for post in posts[1:]]
