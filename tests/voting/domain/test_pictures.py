from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from voting.domain import counting, pictures

IDS = ["a", "b", "c", "d", "e"]
rankings = st.lists(
    st.tuples(st.lists(st.sampled_from(IDS), unique=True, max_size=5), st.integers(1, 500)),
    max_size=12,
)
totals = st.dictionaries(st.sampled_from(IDS), st.integers(0, 10_000))


def manifest(rule="irv/1", **params):
    options = [{"id": key, "title": f"Option {key}", "cost": 10} for key in IDS]
    return {"options": options, "rules": {"id": rule, "params": params}}


def result(rule, ballots, method="ranked", **params):
    outcome = counting.count(
        rule, options=IDS, ballots=ballots, params=params, costs=dict.fromkeys(IDS, 10),
        method=method, tie_order=IDS,
    )  # fmt: skip
    return {
        "counted": outcome.counted,
        "blank": outcome.blank,
        "winners": outcome.winners,
        "detail": outcome.detail,
    }


def drawn(rule, ballots, method="ranked", **params):
    value = result(rule, ballots, method, **params)
    return value, pictures.result_picture(manifest(rule, **params), value)


@given(totals, st.integers(0, 20_000))
def test_bars_keep_the_order_they_are_given_and_stay_on_their_track(numbers, ballots):
    options = [(key, key.upper()) for key in IDS]
    bars = pictures.bars(options, numbers, ballots)
    assert [(bar.id, bar.title) for bar in bars] == options
    assert [bar.number for bar in bars] == [numbers.get(key, 0) for key in IDS]
    assert all(0 <= bar.width_percent <= 100 and 0 <= bar.percent <= 100 for bar in bars)
    most = max(numbers.values(), default=0)
    assert [bar.leading for bar in bars] == [0 < numbers.get(key, 0) == most for key in IDS]


@given(totals)
def test_bars_of_single_choices_fill_no_more_than_all_ballots(numbers):
    bars = pictures.bars([(key, key) for key in IDS], numbers, sum(numbers.values()))
    assert sum(bar.width_percent for bar in bars) <= 100 + 0.05 * len(IDS)


def test_bars_before_anything_is_known_are_empty():
    bars = pictures.bars([("a", "A")], None, 0)
    assert bars == [pictures.Bar("a", "A", 0, 0.0, 0.0, False)]


@given(rankings)
def test_every_round_of_a_run_off_adds_up_to_the_counted_ballots(ballots):
    value, picture = drawn("irv/1", ballots)
    assert len(picture.rounds) == len(value["detail"]["rounds"])
    for one in picture.rounds:
        assert sum(row.votes for row in one.rows) + one.exhausted == value["counted"]
        assert all(0 <= row.width <= 100 and 0 <= row.gained_width <= 100 for row in one.rows)
        assert all(row.gained <= row.votes for row in one.rows)
        votes = [row.votes for row in one.rows]
        assert votes == sorted(votes, reverse=True)


@given(rankings)
def test_what_moves_between_rounds_is_what_the_leaving_had(ballots):
    _, picture = drawn("irv/1", ballots)
    for before, after in zip(picture.rounds, picture.rounds[1:], strict=False):
        left = sum(row.votes for row in before.rows if row.status == "out")
        assert left == after.moved + after.newly_exhausted


@given(rankings, st.integers(1, 3))
def test_every_round_of_a_transfer_adds_up_with_the_quotas_kept(ballots, seats):
    value, picture = drawn("stv-wig/1", ballots, seats=seats)
    for one in picture.rounds:
        assert sum(row.votes for row in one.rows) + one.exhausted == value["counted"]
        assert all(0 <= row.width <= 100 for row in one.rows)
        assert {row.id for row in one.rows if row.winner} <= set(value["winners"])
    elected = [title for one in picture.rounds for title in one.elected]
    assert elected == [f"Option {key}" for key in value["winners"]]


@given(rankings, st.sampled_from(["irv/1", "stv-wig/1"]))
def test_the_table_has_every_option_once_and_winners_first(ballots, rule):
    value, picture = drawn(rule, ballots, seats=2)
    assert sorted(line.id for line in picture.table) == IDS
    assert [line.id for line in picture.table if line.winner] == value["winners"]
    assert [line.winner for line in picture.table] == sorted(
        (line.winner for line in picture.table), reverse=True
    )
    assert all(len(line.cells) == len(picture.rounds) for line in picture.table)


def test_a_run_off_tells_who_won_by_how_much_and_who_had_led():
    ballots = [(["b", "a"], 40), (["a", "c"], 35), (["c", "a"], 25)]
    _, picture = drawn("irv/1", ballots)
    facts = picture.facts
    assert (facts.winners, facts.rounds, facts.margin) == (("a",), 4, 20)
    assert (facts.runner_up, facts.winner_votes, facts.runner_up_votes) == ("b", 60, 40)
    assert not facts.led_before
    last = picture.rounds[-1]
    assert (last.goal, last.goal_width) == (Decimal(50), 50.0)
    assert [(row.id, row.gained, row.status) for row in last.rows] == [
        ("a", 25, "elected"),
        ("b", 0, ""),
    ]


def test_a_tied_last_round_says_so_and_elects_whom_the_count_elected():
    _, picture = drawn("irv/1", [(["b"], 5), (["a"], 5)])
    assert picture.facts.tied
    assert picture.rounds[-1].elected == tuple(picture.titles[key] for key in picture.facts.winners)


@given(totals, st.data())
def test_totals_are_drawn_by_rank_with_the_chosen_in_colour(numbers, data):
    winners = data.draw(st.lists(st.sampled_from(IDS), unique=True, max_size=2))
    value = {"counted": 20_000, "winners": winners, "detail": {"totals": numbers}}
    picture = pictures.result_picture(manifest("approval/1"), value)
    assert [bar.id for bar in picture.bars][: len(winners)] == winners
    rest = [bar.number for bar in picture.bars][len(winners) :]
    assert rest == sorted(rest, reverse=True)
    assert {bar.id for bar in picture.bars if bar.leading} == set(winners)


@given(st.lists(st.tuples(st.lists(st.sampled_from(IDS), unique=True), st.integers(1, 50))))
def test_a_budget_is_drawn_in_the_order_it_was_spent(ballots):
    value = result("pb-greedy/1", ballots, "budget-approval", budget=30)
    votes = counting.tally(IDS, ballots, "budget-approval")
    picture = pictures.result_picture(manifest("pb-greedy/1", budget=30), value, votes)
    taken = [project for project in picture.projects if project.taken]
    assert [project.id for project in taken] == value["winners"]
    assert [project.spent for project in taken] == [10 * (i + 1) for i in range(len(taken))]
    assert sorted(project.id for project in picture.projects) == IDS
    assert (picture.spent, picture.budget) == (10 * len(taken), 30)


def test_a_budget_without_its_votes_shows_costs_only():
    value = {"counted": 4, "winners": ["b"], "detail": {"selected": ["b"], "spent": 10}}
    picture = pictures.result_picture(manifest("pb-greedy/1", budget=30), value)
    assert {project.votes for project in picture.projects} == {None}


def test_an_unknown_shape_still_names_the_winners():
    value = {"counted": 4, "winners": ["b"], "detail": {"order": ["b"], "pairs": {}}}
    picture = pictures.result_picture(manifest("condorcet-schulze/1"), value)
    assert (picture.kind, picture.facts.winners) == ("none", ("b",))


def test_long_counts_draw_the_first_and_the_last_rounds_and_say_how_many_are_left_out():
    many = [f"o{i}" for i in range(12)]
    ballots = [([key], 100 + i) for i, key in enumerate(many)]
    outcome = counting.count(
        "irv/1", options=many, ballots=ballots, params={}, costs={}, method="ranked",
        tie_order=many,
    )  # fmt: skip
    value = {"counted": outcome.counted, "winners": outcome.winners, "detail": outcome.detail}
    shape = {
        "options": [{"id": key, "title": key} for key in many],
        "rules": {"id": "irv/1", "params": {}},
    }
    picture = pictures.result_picture(shape, value | {"blank": 0})
    assert [one.number for one in picture.drawn] == [1, *range(len(picture.rounds) - 4, 12)]
    assert len(picture.drawn) + picture.not_drawn == len(picture.rounds)
    first = picture.rounds[0]
    assert len(first.drawn) + first.not_drawn == len(many)
