import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import canonical, leaves, merkle
from voting.domain.base64url import decode
from voting.domain.rolls import commitment, roll_root

FIELD = "A" * 43
COMMON = {"manifest": FIELD, "v": 1}
hashes = st.lists(st.binary(min_size=32, max_size=32), unique=True, min_size=1).map(sorted)


def test_each_leaf_has_the_fields_of_its_kind():
    result = {
        "ballots": 4,
        "blank": 1,
        "code": "engage 1",
        "counted": 3,
        "detail": {"totals": {"a": 2}},
        "invalid": 1,
        "rules": "plurality/1",
        "winners": ["a"],
    }
    written = {
        "roll": (leaves.roll_leaf(FIELD, [bytes(32)], 7), {"commitments": [FIELD], "from": 7}),
        "close": (
            leaves.close_leaf(FIELD, ballots=4, passes=5, assisted=0),
            {"ballots": 4, "passes": 5, "assisted": 0},
        ),
        "tally-key": (leaves.tally_key_leaf(FIELD, bytes(32)), {"secret": FIELD}),
        "note": (leaves.note_leaf(FIELD, "Hello"), {"text": "Hello"}),
        "annul": (leaves.annul_leaf(FIELD, "A typo"), {"reason": "A typo"}),
        "recount": (
            leaves.recount_leaf(FIELD, code="engage 2", reason="Asked"),
            {"code": "engage 2", "reason": "Asked"},
        ),
        "result": (leaves.result_leaf(FIELD, **result), {**result, "reason": None}),
    }
    for kind, (raw, fields) in written.items():
        assert canonical.decode(raw) == {**COMMON, **fields, "type": kind}


def test_the_totals_of_a_result_agree():
    with pytest.raises(ValueError, match="agree"):
        leaves.result_leaf(
            FIELD,
            ballots=4,
            blank=0,
            code="",
            counted=4,
            detail={},
            invalid=1,
            rules="plurality/1",
            winners=[],
        )


def test_no_leaf_is_too_long_for_a_bundle():
    with pytest.raises(ValueError, match="65,535"):
        leaves.note_leaf(FIELD, "x" * 65_535)


@pytest.mark.parametrize("size", [1, 999, 1_000, 1_001, 2_500])
def test_a_roll_is_consecutive_and_complete(size):
    commitments = [number.to_bytes(32, "big") for number in range(size)]
    entries = [canonical.decode(raw) for raw in leaves.roll_leaves(FIELD, commitments)]
    assert all(len(entry["commitments"]) <= 1_000 for entry in entries)
    found = []
    for entry in entries:
        assert entry["from"] == len(found)
        found += [decode(text, 32) for text in entry["commitments"]]
    assert found == commitments


@given(hashes)
def test_a_roll_that_is_not_ascending_is_not_written(commitments):
    assert leaves.roll_leaves(FIELD, commitments)
    for wrong in (commitments + commitments[-1:], [*commitments, bytes(32)]):
        with pytest.raises(ValueError, match="ascending"):
            leaves.roll_leaves(FIELD, wrong)


def test_no_empty_roll_leaf_is_written():
    assert leaves.roll_leaves(FIELD, []) == []
    with pytest.raises(ValueError, match="1,000"):
        leaves.roll_leaf(FIELD, [], 0)


@given(hashes)
def test_the_roll_s_root_is_a_tree_of_its_commitments(commitments):
    assert roll_root(commitments) == merkle.root([merkle.leaf_hash(each) for each in commitments])


def test_a_commitment_hides_behind_its_salt():
    first, second = (commitment(bytes([salt]) * 32, "poll", "r-1") for salt in (1, 2))
    assert first != second
    assert first == commitment(b"\x01" * 32, "poll", "r-1")
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"", "poll", "r-1")
