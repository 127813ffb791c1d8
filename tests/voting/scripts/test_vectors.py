"""The voter's scripts on the vectors, byte for byte, under Node and in a real browser."""

import pytest

from tests.voting.scripts.conftest import VECTORS, vectors

AT_LEAST = {
    "rfc9474": 14,
    "example": 500,
    "merkle": 196,
    "notes": 26,
    "paths": 9,
    "encodings": 15,
}


@pytest.mark.parametrize("check", VECTORS)
def test_node_agrees_with_every_vector(run_in_node, check):
    outcome = run_in_node(check, vectors(check))
    assert outcome["wrong"] == []
    assert outcome["checked"] >= AT_LEAST[check]


@pytest.mark.browser
@pytest.mark.parametrize("check", VECTORS)
def test_a_browser_agrees_with_every_vector(run_in_page, check):
    outcome = run_in_page(check, vectors(check))
    assert outcome["wrong"] == []
    assert outcome["checked"] >= AT_LEAST[check]


@pytest.mark.browser
def test_a_voter_does_not_wait(run_in_page, record_property):
    spent = run_in_page("timings", vectors("example"))
    record_property("milliseconds", spent)
    print(f"\nmedians in Chromium, ms: {spent}")
    for times in spent.values():
        assert times["derive_blind"] + times["finalize"] < 500
