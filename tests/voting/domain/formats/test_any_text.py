"""Whatever a file holds: an election that a poll can be made of, or the declared error."""

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from voting.domain.choices import check_choice
from voting.domain.counting import RULES
from voting.domain.formats import Election, ElectionError, decoded, read_election
from voting.domain.formats.naming import MAX_TITLE, clean, different, option_ids

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
pieces = st.sampled_from(
    ["# ", "ALTERNATIVE NAME 1: x", "NUMBER ALTERNATIVES: 2", "3: ", "1", "2", ",", "{", "}", ":",
     "\n", "\n", "\n", ";", '"', "META\nkey;value\nbudget;9\n", "PROJECTS\nproject_id;cost\n",
     "1;5\n", "2;4.5\n", "VOTES\nvoter_id;vote;points\n", "7;1,2;3,4\n", "vote_type;cumulative\n",
     "vote_type;ordinal\n", "vote_type;scoring\n", "max_sum_cost;9\n", "-", "0", "²",
     "\x00", "\ud800"]
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)
json_elections = st.fixed_dictionaries(
    {},
    optional={
        "candidates": st.lists(st.text(max_size=5), max_size=4) | json_values,
        "ballots": st.lists(
            st.tuples(st.integers(0, 3), st.lists(st.integers(-1, 4), max_size=4)) | json_values,
            max_size=4,
        ),
        "seats": st.integers(0, 3) | json_values,
        "rules": st.dictionaries(
            st.sampled_from(["batchElimination", "maxRankingsAllowed", "numberOfWinners"]),
            json_values,
        )
        | json_values,
        "title": json_values,
    },
)


def assert_usable_or_refused(name, text):
    try:
        election = read_election(name, text)
    except ElectionError as error:
        assert error.reason
        assert error.line >= 0
        return
    assert_usable(election)


def assert_usable(election: Election):
    ids = [option for option, _, _ in election.options]
    titles = [title for _, title, _ in election.options]
    assert len(set(ids)) == len(ids) > 0
    assert all(ID.fullmatch(one) for one in ids)
    assert len(set(titles)) == len(titles)
    assert list(election.names) == list(election.source_ids) == ids
    assert len(set(election.names.values())) == len(set(election.source_ids.values())) == len(ids)
    assert election.method in RULES[election.rule].methods
    costs = {option: cost for option, _, cost in election.options if cost is not None}
    for choice, many in election.ballots:
        assert many > 0
        check_choice(
            choice, method=election.method, params=election.params, options=ids, costs=costs
        )
    json.dumps([election.title, election.options, election.params], ensure_ascii=False).encode()


@given(st.text(max_size=30), st.lists(pieces | st.text(max_size=4), max_size=30).map("".join))
@example("x.pb", "META\n")
@example("x", "")
def test_any_text(name, text):
    assert_usable_or_refused(name, text)


@given(st.lists(pieces, max_size=25).map("".join))
def test_any_preflib(text):
    assert_usable_or_refused("x.toi", "# TITLE: x\n" + text)
    assert_usable_or_refused("x.toi", "2\n1,a\n2,b\n" + text)


@given(st.lists(pieces, max_size=25).map("".join))
def test_any_pabulib(text):
    head = "META\nbudget;9\n"
    tables = "PROJECTS\nproject_id;cost\n1;5\n2;4.5\nVOTES\nvoter_id;vote;points\n"
    assert_usable_or_refused("x.pb", head + text + tables + text)


@given(json_elections)
def test_any_json(value):
    assert_usable_or_refused("x.json", json.dumps(value))


@given(st.binary(max_size=60))
def test_any_bytes(raw):
    assert_usable_or_refused("x", decoded(raw))


@given(st.lists(st.text(max_size=40) | st.sampled_from(["a", "A", "a-2", "a" * 32, "a" * 40])))
def test_every_source_gets_an_id_of_its_own_and_valid_ones_keep_theirs(sources):
    ids = option_ids(sources)
    assert len(set(ids)) == len(ids) == len(sources)
    assert all(ID.fullmatch(one) for one in ids)
    assert set(ids) >= {source for source in sources if ID.fullmatch(source)}


@given(st.lists(st.sampled_from(["Ann", "Ann (2)", "Ben", "Ann (3)"])))
def test_names_are_made_different_and_only_where_they_were_equal(names):
    result = different(names)
    assert len(set(result)) == len(result)
    assert set(names) <= set(result)


@given(st.text())
def test_clean_text_is_one_printable_line(text):
    cleaned = clean(text)
    assert len(cleaned) <= MAX_TITLE
    assert cleaned == " ".join(cleaned.split())
    assert clean(cleaned) == cleaned
    cleaned.encode()
