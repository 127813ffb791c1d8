"""What the tests of the desk share: a kind of text of their own."""

import pytest

from tests.engage.moderation import desk


@pytest.fixture
def leaves():
    with desk.leaves() as kept:
        yield kept
