"""Real elections come out as the cities published them."""

import json

import pytest

from tests.paths import shared
from voting.domain.choices import check_choice
from voting.domain.counting import count
from voting.domain.formats import decoded, read_election
from voting.domain.ties import tie_order


def counted(*parts):
    """The election in a shared file, and its outcome under a manifest that hashes to zeros."""
    election = read_election(parts[-1], decoded(shared("elections", *parts).read_bytes()))
    options = [option for option, _, _ in election.options]
    costs = {option: cost for option, _, cost in election.options if cost is not None}
    terms = {"method": election.method, "params": election.params, "costs": costs}
    for choice, _ in election.ballots:
        check_choice(choice, options=options, **terms)
    outcome = count(
        election.rule,
        options=options,
        ballots=election.ballots,
        tie_order=tie_order(bytes(32), options),
        **terms,
    )
    return election, outcome


def named(election, totals):
    return {election.names[option]: votes for option, votes in totals.items()}


def published(*parts):
    return json.loads(shared("elections", *parts).read_text())


def test_burlington_2009_has_the_published_rounds():
    election, outcome = counted("preflib", "burlington_2009_mayor_00005-00000002.toi")
    expected = published("preflib", "burlington_2009_expected.json")
    rounds = outcome.detail["rounds"]
    assert outcome.counted == election.size == 8_980
    assert [named(election, one["totals"]) for one in rounds] == expected["official_rounds"]
    assert [election.names[winner] for winner in outcome.winners] == [expected["winner"]]


def test_minneapolis_2013_has_all_33_published_rounds():
    election, outcome = counted("2013_minneapolis_mayor.json")
    expected = published("2013_minneapolis_mayor.json")["expected_rounds"]
    rounds = outcome.detail["rounds"]
    assert outcome.counted == election.size == 80_101
    assert len(rounds) == len(expected) == 33
    for ours, theirs in zip(rounds, expected, strict=True):
        assert named(election, ours["totals"]) == theirs["tally"]
        assert [election.names[option] for option in ours["out"]] == theirs["eliminated"]
    assert [election.names[winner] for winner in outcome.winners] == expected[-1]["elected"]


def test_portland_2024_district_1_elects_the_official_winners():
    election, outcome = counted("portland_2024_D1.json")
    expected = published("portland_2024_D1.json")["official_winners"]
    assert outcome.counted == election.size == 42_871
    assert [election.names[winner] for winner in outcome.winners] == expected


def test_debian_2002_ranks_all_475_ballots():
    election, outcome = counted("preflib", "debian_2002_leader_00002-00000001.soi")
    assert outcome.counted == election.size == 475
    assert [election.names[winner] for winner in outcome.winners] == ["Bdale Garbee"]


@pytest.mark.parametrize(
    ("file", "method"),
    [
        ("Poland_Czestochowa_2024_Ostatni_Grosz.pb", "cumulative"),
        ("Poland_Gdynia_2020_Pogorze__large.pb", "budget-approval"),
        ("Poland_Warszawa_2019_subunit_Wlochy.pb", "knapsack"),
        ("Poland_Warszawa_2024_Praga-Polnoc.pb", "budget-approval"),
    ],
)
def test_budgets_counted_greedily_select_what_the_city_selected(file, method):
    election, outcome = counted("pabulib", file)
    expected = next(
        one for one in published("pabulib", "official_outcomes.json") if one["file"] == file
    )
    assert expected["plain_greedy_by_score_equals_official"]
    assert election.method == method
    assert outcome.counted == election.size == expected["voters"]
    selected = [election.source_ids[option] for option in outcome.winners]
    assert sorted(selected) == expected["official_selected"]
    assert outcome.detail["spent"] == expected["spent"]


def test_a_budget_that_the_city_shared_out_otherwise_differs():
    """Assen used equal shares: the greedy count is another, and the file says which rule it was."""
    election, outcome = counted("pabulib", "Netherlands_Assen_2024.pb")
    assert outcome.counted == 84
    assert election.remarks == ["The city counted by the rule “equalshares/add1”."]
