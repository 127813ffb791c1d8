"""A town that one test set up is not the next one's."""

from collections.abc import Iterator

import pytest

from engage.web.town import forget_town


@pytest.fixture
def own_town() -> Iterator[None]:
    """Nothing is known of the town before this test, and nothing after it."""
    forget_town()
    yield
    forget_town()
