"""The verifier's own counting: real elections as published, the same outcomes as the server's."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.paths import shared
from voting.domain import counting as server
from voting.verify.counting.election import Election, tie_ranks
from voting.verify.recount import RULES, count_again, margin_of

OPTIONS = ("a", "b", "c", "d", "e")
LOTS = tie_ranks(bytes(32), OPTIONS)


def counted(rule, options, votes, params=None, costs=None):
    many = sum(number for _, number in votes)
    lots = tie_ranks(bytes(32), options)
    ballots = [(choice, number) for choice, number in votes if choice]
    return RULES[rule][0](Election(tuple(options), ballots, many, params or {}, costs or {}, lots))


def test_minneapolis_2013_in_its_33_published_rounds():
    known = json.loads(shared("elections", "2013_minneapolis_mayor.json").read_text())
    names = known["candidates"]
    votes = [([names[i] for i in _until(ranks)], many) for many, ranks in known["ballots"]]
    undeclared = known["expected_rounds"][0]["eliminated"]
    outcome = counted("irv/1", names, votes, {"batch": True, "first_out": undeclared})
    found = [(step["totals"], sorted(step["out"])) for step in outcome.detail["rounds"]]
    published = [(step["tally"], sorted(step["eliminated"])) for step in known["expected_rounds"]]
    assert len(found) == 33
    assert found == published
    assert outcome.winners == ["BETSY HODGES"]


def _until(ranks):
    return ranks[: ranks.index(-1)] if -1 in ranks else ranks


def test_portland_2024_elects_the_official_three():
    known = json.loads(shared("elections", "portland_2024_D1.json").read_text())
    names = known["candidates"]
    votes = [([names[i] for i in ranks], many) for many, ranks in known["ballots"]]
    outcome = counted("stv-wig/1", names, votes, {"seats": known["seats"]})
    assert outcome.winners == known["official_winners"]


def test_wlochy_2019_gets_the_projects_that_the_city_built():
    text = shared("elections", "pabulib", "Poland_Warszawa_2019_subunit_Wlochy.pb").read_text()
    projects, votes = text.partition("PROJECTS\n")[2].split("VOTES\n")
    rows = [line.split(";") for line in projects.splitlines()[1:]]
    costs = {row[0]: int(row[1]) for row in rows}
    ballots = [
        (line.split(";")[_column(votes, "vote")].split(","), 1) for line in votes.splitlines()[1:]
    ]
    outcome = counted("pb-greedy/1", costs, ballots, {"budget": 1_100_000}, costs)
    official = json.loads(shared("elections", "pabulib", "official_outcomes.json").read_text())
    (known,) = [case for case in official if "Wlochy" in case["file"]]
    assert sorted(outcome.winners) == sorted(known["official_selected"])
    assert outcome.detail["spent"] == known["spent"]


def _column(table, name):
    return table.splitlines()[0].split(";").index(name)


def test_debian_2002_by_its_published_defeats():
    text = shared("elections", "preflib", "debian_2002_leader_00002-00000001.soi").read_text()
    lines = [line.partition(": ") for line in text.splitlines() if line[0] != "#"]
    votes = [(order.split(","), int(many)) for many, _, order in lines]
    outcome = counted("condorcet-schulze/1", "1234", votes)
    pairs = outcome.detail["pairs"]
    assert outcome.winners == ["3"]
    assert [pairs["3"]["1"], pairs["1"]["3"], pairs["3"]["4"], pairs["4"]["3"]] == [
        291,
        180,
        444,
        18,
    ]


rankings = st.lists(st.sampled_from(OPTIONS), unique=True)
approvals = st.sets(st.sampled_from(OPTIONS)).map(sorted)
points = st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 3))
singles = st.none() | st.sampled_from(OPTIONS)
CASES = {
    "plurality/1": ("plurality", singles),
    "approval/1": ("approval", approvals),
    "irv/1": ("ranked", rankings),
    "stv-wig/1": ("ranked", rankings),
    "pb-greedy/1": ("budget-approval", approvals),
}


def several(choices):
    return st.lists(st.tuples(choices, st.integers(1, 4)), max_size=12)


@pytest.mark.parametrize("rule", CASES)
@given(
    st.data(), st.integers(1, 4), st.booleans(), st.lists(st.integers(0, 5), min_size=5, max_size=5)
)
def test_the_server_counts_the_same(rule, data, seats, batch, prices):
    method, choices = CASES[rule]
    votes = data.draw(several(choices))
    costs = dict(zip(OPTIONS, prices, strict=True))
    params = {"seats": seats, "batch": batch, "budget": 7}
    manifest = SimpleNamespace(
        rule=rule, method=method, options=OPTIONS, params=params, costs=costs, sha256=bytes(32)
    )
    ours = count_again(manifest, votes)
    lots = sorted(OPTIONS, key=LOTS.get)
    theirs = server.count(
        rule,
        options=OPTIONS,
        ballots=votes,
        params=params,
        costs=costs,
        method=method,
        tie_order=lots,
    )
    assert ours == vars(theirs)


@given(several(points), st.integers(1, 3))
def test_points_add_up(votes, seats):
    for rule in ("score/1", "cumulative/1"):
        outcome = counted(rule, OPTIONS, votes, {"seats": seats})
        given_points = sum(number * sum(choice.values()) for choice, number in votes)
        assert sum(outcome.detail["totals"].values()) == given_points
        assert len(outcome.winners) <= seats


@pytest.mark.parametrize(
    ("yes", "no", "blank", "passed"),
    [(2, 1, 0, False), (3, 1, 0, True), (2, 1, 1, False), (3, 0, 0, False), (3, 0, 1, True)],
)
def test_a_threshold_is_strictly_more_than_its_share_and_a_quorum(yes, no, blank, passed):
    votes = [("yes", yes), ("no", no), (None, blank)]
    outcome = counted("threshold/1", ("yes", "no"), votes, {"share": [2, 3], "quorum": 4})
    assert outcome.detail == {"passed": passed, "totals": {"yes": yes, "no": no}}
    assert outcome.winners == ["yes" if passed else "no"]


@given(several(approvals))
def test_without_skipping_is_a_beginning_of_with_skipping(votes):
    costs = {"a": 3, "b": 2, "c": 2, "d": 1, "e": 4}
    skipping = counted("pb-greedy/1", OPTIONS, votes, {"budget": 5}, costs).winners
    stopping = counted("pb-greedy-noskip/1", OPTIONS, votes, {"budget": 5}, costs).winners
    assert skipping[: len(stopping)] == stopping


@given(several(rankings))
@example([(["a", "b"], 1), (["b", "a"], 1)])
def test_who_beats_everybody_wins_by_schulze(votes):
    detail = counted("condorcet-schulze/1", OPTIONS, votes).detail
    pairs = detail["pairs"]
    for option in OPTIONS:
        if all(pairs[option][other] > pairs[other][option] for other in OPTIONS if other != option):
            assert detail["order"][0] == option


def test_the_margin_is_in_ten_thousandths_of_a_vote():
    assert margin_of({"totals": {"a": 5, "b": 2, "c": 4}}) == 10_000
    assert margin_of({"rounds": [{}, {"out": [], "totals": {"a": 3}}]}) == 30_000
    assert margin_of({"rounds": [{"elected": [], "totals": {"a": 7, "b": 4}}]}) == 3
    assert margin_of({"selected": [], "spent": 0}) == margin_of(None) == 0
