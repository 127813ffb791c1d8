"""Whoever only asks whether a page is there gets an answer: monitors, mail scanners, caches."""

import pytest

PAGES = ("/", "/polls/", "/verify/", "/help/voting/", "/language/", "/town.css", "/readyz")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_head_answers_like_get_without_a_body(client, path):
    asked, shown = client.head(path), client.get(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked["Content-Type"] == shown["Content-Type"]
