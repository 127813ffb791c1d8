"""The examples in the pure files of the forums are true."""

import doctest

import pytest

from forums.domain import changes, cursors


@pytest.mark.parametrize("module", [changes, cursors], ids=lambda module: module.__name__)
def test_examples(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
