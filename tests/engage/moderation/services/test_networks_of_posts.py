"""What is kept of the network that a post came from: a mark, and never the address."""

import pytest
from django.test import Client

from engage.moderation.models import Item
from tests import everywhere
from tests.forums import forum

pytestmark = [pytest.mark.django_db, pytest.mark.adversary("I13")]
ADDRESS = "203.0.113.77"


def test_no_table_holds_the_address_that_a_post_came_from():
    thread, author = forum.thread(), forum.person()
    client = Client(headers={"Accept": "text/html"}, REMOTE_ADDR=ADDRESS)
    client.force_login(author)
    client.post(f"/threads/{thread.pk}/reply/", {"text": "To the river."})
    place = thread.category
    client.post(f"/forum/{place.slug}/new/", {"title": "Trees", "text": "Where do they grow?"})
    marks = set(Item.objects.values_list("network", flat=True))
    assert Item.objects.count() == 2
    assert [len(mark) for mark in marks] == [64]
    assert everywhere.found([ADDRESS]) <= {"account.usersession", "usersessions.usersession"}
