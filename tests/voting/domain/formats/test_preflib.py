"""PrefLib's orders, as found in its files of several years."""

import pytest

from voting.domain.formats import ElectionError, read_election

HEADER = """# FILE NAME: 1.soi
# TITLE: Dog catcher, 2025
# NUMBER ALTERNATIVES: 3
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Ben, the other
# ALTERNATIVE NAME 3: Ann
"""


def test_orders_become_rankings_and_names_stay():
    election = read_election("1.soi", HEADER + "3: 2,1\n2: 1, 3\n1: \n")
    assert (election.title, election.method, election.rule) == (
        "Dog catcher, 2025", "ranked", "irv/1",
    )  # fmt: skip
    assert election.params == {"batch": True, "max_ranks": 5}
    assert election.names == {"ann": "Ann", "ben-the-other": "Ben, the other", "ann-2": "Ann (2)"}
    assert election.source_ids == {"ann": "1", "ben-the-other": "2", "ann-2": "3"}
    assert election.ballots == [(["ben-the-other", "ann"], 3), (["ann", "ann-2"], 2), ([], 1)]
    assert election.size == 6


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n \n"])
def test_files_of_any_system_are_read(ending, mark):
    text = mark + (HEADER + "3: 2,1").replace("\n", ending)
    assert read_election("1.soi", text).ballots == [(["ben-the-other", "ann"], 3)]


def test_headers_may_be_missing():
    election = read_election("/tmp/some_vote.soc", "# NOTE\n2: 1,2,4\n1: 4,2,1\n")
    assert election.title == "some vote"
    assert [title for _, title, _ in election.options] == [
        "Alternative 1", "Alternative 2", "Alternative 4",
    ]  # fmt: skip


def test_an_alternative_that_nobody_ranks_is_an_option_too():
    assert len(read_election("1.soi", HEADER + "1: 2\n").options) == 3


def test_the_style_before_2022_is_read_with_numbers_from_1_or_0():
    new = read_election("x.toi", "3\n1,Ann\n2,Ben\n3,Cem\n5,5,2\n3,2,1\n2,{1,2},3\n")
    old = read_election("x.toi", "3\n0,Ann\n1,Ben\n2,Cem\n5,5,2\n3,1,0\n2,{0,1},2\n")
    assert new.ballots == old.ballots == [(["ben", "ann"], 3), ([], 2)]
    assert new.names == {"ann": "Ann", "ben": "Ben", "cem": "Cem"}


def test_as_many_ranks_are_allowed_as_are_used():
    order = ",".join(str(n) for n in range(1, 9))
    assert read_election("x.soc", f"# T:\n1: {order}\n").params["max_ranks"] == 8


def test_an_alternative_named_again_counts_where_it_stands_first():
    assert read_election("1.soi", HEADER + "1: 2,1,2,{1,3}\n").ballots == [
        (["ben-the-other", "ann", "ann-2"], 1)
    ]


def test_empty_places_are_passed_over():
    assert read_election("1.toi", HEADER + "1: {},2,,{1}\n").ballots == [
        (["ben-the-other", "ann"], 1)
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("three: 1,2", "not a whole number"),
        ("1,2,3", "how many: 1,2,3"),
        ("1: {1,2", "1,{2,3},4"),
        ("1: {1,2}3", "1,{2,3},4"),
        ("1: 1,{2,{3}}", "1,{2,3},4"),
        ("1: one", "not a whole number"),
        ("-1: 1", "not a whole number"),
        ("99999999999999999999: 1", "not a whole number"),
        ("9999999999999999: 1", "too large"),
    ],
)
def test_a_malformed_line_is_refused_with_its_number(line, reason):
    with pytest.raises(ElectionError, match=r"^Line 7: ") as error:
        read_election("1.soi", HEADER + line)
    assert reason in error.value.reason


@pytest.mark.parametrize("text", [HEADER + "1: 7\n", "# only\n", "# T:\n1: 20000\n"])
def test_alternatives_must_exist(text):
    with pytest.raises(ElectionError):
        read_election("1.soi", text)
