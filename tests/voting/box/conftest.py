"""What every test of the box may ask for."""

from collections.abc import Iterator

import pytest

from tests.voting.box.asking import Sides


@pytest.fixture
def sides() -> Iterator[Sides]:
    both = Sides()
    yield both
    both.close()
