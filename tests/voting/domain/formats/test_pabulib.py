"""Pabulib's budgets, with the liberties that real files take."""

import pytest

from voting.domain.choices import check_choice
from voting.domain.formats import ElectionError, decoded, read_election


def budget(votes, *, kind="approval", meta=(), projects=None, columns="voter_id;vote"):
    lines = [
        "META", "key;value", "description;Parks of Eddersford", "budget;1000",
        f"vote_type;{kind}", *meta,
        "PROJECTS", "project_id;cost;name",
        *(projects or ["1;400;Park", "2;500;Pond", "3;700;Path"]),
        "VOTES", columns, *votes,
    ]  # fmt: skip
    election = read_election("Eddersford_2025.pb", "\n".join(lines))
    options = [option for option, _, _ in election.options]
    costs = {option: cost for option, _, cost in election.options}
    for choice, _ in election.ballots:
        check_choice(
            choice, method=election.method, params=election.params, options=options, costs=costs
        )
    return election


def chosen(election):
    return [choice for choice, _ in election.ballots]


def test_approvals_stand_in_the_order_of_the_projects():
    election = budget(["7;3,1", "8;2", "9;"])
    assert (election.title, election.method, election.rule) == (
        "Parks of Eddersford", "budget-approval", "pb-greedy/1",
    )  # fmt: skip
    assert election.params == {"budget": 1000}
    assert election.options == [("1", "Park", 400), ("2", "Pond", 500), ("3", "Path", 700)]
    assert election.ballots == [(["1", "3"], 1), (["2"], 1), ([], 1)]


def test_a_limit_of_approvals_is_kept_and_widened_where_ballots_exceed_it():
    assert budget(["7;1"], meta=["max_length;2"]).params["max_approvals"] == 2
    assert budget(["7;1,2,3"], meta=["max_length;2"]).params["max_approvals"] == 3
    assert budget(["7;1"], kind="choose-1").params["max_approvals"] == 1


def test_ballots_that_must_keep_to_the_budget_are_knapsacks():
    assert budget(["7;1,2"], meta=["max_sum_cost;1000"]).method == "knapsack"
    assert budget(["7;1,3"], meta=["max_sum_cost;1000"]).method == "budget-approval"
    assert budget(["7;1,2"], meta=["max_sum_cost;900"]).method == "budget-approval"


def test_points_are_cumulative():
    election = budget(
        ["7;1,2;6,4", "8;3;5", "9;2,1;3,0", "10;;"],
        kind="cumulative", meta=["max_sum_points;10"], columns="voter_id;vote;points",
    )  # fmt: skip
    assert (election.method, election.params["points"]) == ("cumulative", 10)
    assert chosen(election) == [{"1": 6, "2": 4}, {"3": 5}, {"2": 3}, {}]


def test_points_for_a_project_named_twice_add_up():
    election = budget(["7;1,1;2,3"], kind="cumulative", columns="voter_id;vote;points")
    assert chosen(election) == [{"1": 5}]
    assert election.remarks == ["1 ballots name a project more than once."]


def test_without_points_each_project_named_has_one():
    assert chosen(budget(["7;1,3"], kind="cumulative")) == [{"1": 1, "3": 1}]


def test_scores_are_points_unless_some_are_below_zero():
    columns = "voter_id;vote;points"
    election = budget(["7;1,2;3,0"], kind="scoring", columns=columns)
    assert (election.method, election.params["points"]) == ("cumulative", 3)
    assert chosen(election) == [{"1": 3}]
    election = budget(["7;1,2;3,-2"], kind="scoring", columns=columns)
    assert election.params == {"min": -2, "max": 3, "budget": 1000}
    assert (election.method, chosen(election)) == ("score", [{"1": 3, "2": -2}])


def test_projects_that_a_ballot_leaves_out_have_the_default_score():
    votes, columns = ["7;1,2;3,0"], "voter_id;vote;points"
    election = budget(votes, kind="scoring", meta=["default_score;1"], columns=columns)
    assert chosen(election) == [{"1": 3, "3": 1}]


def test_rankings_become_points_by_bordas_count():
    election = budget(["7;3,1,2", "8;2"], kind="ordinal")
    assert (election.method, election.params) == ("cumulative", {"points": 6, "budget": 1000})
    assert chosen(election) == [{"3": 3, "1": 2, "2": 1}, {"2": 1}]
    assert election.remarks == ["Rankings were turned into points by Borda's count."]


def test_projects_keep_their_ids_where_a_poll_can_have_them():
    election = budget(["7;OGM/0015,p-1", "8;P.1"], projects=["OGM/0015;1;x", "p-1;2;y", "P.1;3;z"])
    assert election.source_ids == {"ogm-0015": "OGM/0015", "p-1": "p-1", "p-1-2": "P.1"}
    assert chosen(election) == [["ogm-0015", "p-1"], ["p-1-2"]]


def test_money_with_decimals_is_counted_in_the_smallest_unit_needed():
    election = budget(["7;1"], projects=["1;12.5;a", "2;1 300,25;b", "3;1,000;c"])
    assert election.decimals == 2
    assert [cost for _, _, cost in election.options] == [1_250, 130_025, 100_000]
    assert election.params["budget"] == 100_000


def test_quotes_blanks_and_other_columns_are_no_trouble():
    text = (
        "\ufeffMETA;;\r\nkey; value\r\nbudget; 2500\r\nvote_type; Approval\r\n"
        "PROJECTS\r\nname; project_id; extra; cost\r\n"
        '"Park; ""the big one""";p1;;600\r\n"said ""yes""";p2;x;800\r\n'
        "VOTES\r\nage;vote;voter_id\r\n34; p1, p2 ;1\r\n\r\n51;p2;2\r\n"
    )
    election = read_election("x.pb", text)
    assert [title for _, title, _ in election.options] == ['Park; "the big one"', 'said "yes"']
    assert chosen(election) == [["p1", "p2"], ["p2"]]
    assert election.title == "x"


def test_a_lone_quote_does_not_swallow_the_rest():
    election = budget(["7;1"], projects=['1;5;"Park of the people', "2;6;Pond"])
    assert [title for _, title, _ in election.options] == ['"Park of the people', "Pond"]


def test_optional_columns_and_names_may_be_missing():
    text = "META\nbudget;10\nPROJECTS\nproject_id;cost\n4;3\nVOTES\nvote\n4\n"
    election = read_election("Some_town_2024.pb", text)
    assert election.title == "Some town 2024"
    assert election.options == [("4", "4", 3)]
    assert chosen(election) == [["4"]]


def test_a_vote_for_what_is_not_on_the_list_is_passed_over_and_told():
    election = budget(["7;1,99"])
    assert chosen(election) == [["1"]]
    assert election.remarks == [
        "1 times a project was named that the file does not list; passed over."
    ]


def test_another_rule_of_the_city_is_told():
    election = budget(["7;1"], meta=["rule;greedy-threshold", "min_project_score_threshold;50"])
    assert election.remarks == [
        "The city counted by the rule “greedy-threshold”.",
        "The city also asked for a total of at least 50.",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"projects": ["1;four;a"]}, "Line 8: “four” is not an amount of money."),
        ({"projects": ["1;5;a", "1;6;b"]}, "Line 9: The project_id “1” stands twice."),
        ({"projects": [";5;a"]}, "Line 8: A project has no project_id."),
        ({"kind": "lottery"}, "The vote_type “lottery” is not known."),
        ({"meta": ["budget;"]}, "META does not say the budget."),
        (
            {"kind": "cumulative", "columns": "voter_id;vote;points", "votes": ["7;1,2;5"]},
            "Line 13: 2 projects but 1 points.",
        ),
        (
            {"kind": "cumulative", "columns": "voter_id;vote;points", "votes": ["7;1;0.5"]},
            "Line 13: “0.5” is not a whole number of points.",
        ),
    ],
)
def test_malformed_files_are_refused_with_line_and_reason(changes, message):
    with pytest.raises(ElectionError) as error:
        budget(**{"votes": ["7;1"]} | changes)
    assert str(error.value) == message


@pytest.mark.parametrize("section", ["PROJECTS", "VOTES"])
def test_a_missing_section_is_named(section):
    text = "META\nbudget;10\nPROJECTS\nproject_id;cost\n4;3\nVOTES\nvote\n4\n"
    with pytest.raises(ElectionError, match=f"The section {section} is missing"):
        read_election("x.pb", text.replace(section, "OTHER"))


def test_bytes_of_other_encodings_are_read():
    assert decoded("Łódź".encode("utf-16")) == "Łódź"
    assert decoded(b"\xef\xbb\xbfMETA") == "META"
    assert decoded("Ärger".encode("latin-1")) == "Ärger"
