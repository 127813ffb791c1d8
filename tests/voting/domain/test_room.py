import random

import pytest

from tests.voting.sample import manifest
from voting.domain.counting import count
from voting.domain.leaves import result_leaf
from voting.domain.room import BALLOTS, result_fits


def ranked(options, rule="irv/1"):
    ids = [f"{number:03}".rjust(20, "x") for number in range(options)]
    return manifest(
        method="ranked",
        rules={"id": rule, "params": {}, "text": "As ranked."},
        options=[{"id": each, "title": each} for each in ids],
    )


def counted(poll, ballots):
    outcome = count(
        poll.rule,
        options=poll.option_ids,
        ballots=ballots,
        params=poll.params,
        costs={},
        method=poll.method,
        tie_order=poll.option_ids,
    )
    many = outcome.counted
    return result_leaf(
        poll.field, ballots=many, blank=outcome.blank, code="engage 0.1.0", counted=many,
        detail=outcome.detail, invalid=0, rules=poll.rule, winners=outcome.winners,
    )  # fmt: skip


def test_a_few_options_fit_and_a_hundred_ranked_ones_do_not():
    assert result_fits(manifest())
    assert result_fits(ranked(30))
    assert not result_fits(ranked(100))


@pytest.mark.parametrize("rule", ["irv/1", "stv-wig/1"])
def test_what_is_said_to_fit_does(rule):
    """The longest ranked count there is: everybody's favourite is somebody else, and many vote."""
    options = max(number for number in range(2, 60) if result_fits(ranked(number, rule)))
    poll = ranked(options, rule)
    rng = random.Random(options)
    ballots = [
        ([first, *rng.sample([o for o in poll.option_ids if o != first], 4)], BALLOTS // options)
        for first in poll.option_ids
    ]
    assert len(counted(poll, ballots)) <= 65_535
