"""Every way to tamper with a record, and the finding that catches it.

A naive hand changes leaves.jsonl and nothing else. A determined one has the log's key and every
right of an operator: it makes the log consistent again, signs it, and adapts count and result.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.voting.verify.forge import (
    LIVE,
    SEALED,
    ballot,
    canon,
    codes,
    edited,
    golden,
    issuer,
    leaf_hash,
    poll,
    report_on,
    signed_ballot,
    zipped,
)

FIRST, SECOND, THIRD, FOURTH, CLOSE, RESULT = range(1, 7)
TILES = {"tiles.hashes", "tiles.entries"}
BROKEN_LOG = {"log.consistency", "log.root", *TILES}
SHORTER = {"log.truncated", "log.consistency", "record.missing"}


def naive(change, which=LIVE):
    """Only leaves.jsonl is changed."""
    draft = golden(which)
    leaves = change(list(draft.leaves))
    body = b"".join(leaf + b"\n" for leaf in leaves)
    return zipped({**draft.entries(), "leaves.jsonl": body})


def determined(change, sizes=None, adapt=True):
    """The log is made consistent again; with ``adapt`` the closing leaf and result as well."""
    draft = golden()
    leaves = change(list(draft.leaves))
    leaves = adapted(leaves) if adapt else leaves
    return replace(draft, leaves=leaves).sealed_again(sizes)


def adapted(leaves):
    """Count and result as they would be if every ballot were good."""
    choices = [json.loads(leaf)["choice"] for leaf in leaves if b'"type":"ballot"' in leaf]
    votes = Counter(filter(None, choices))
    totals = {option: votes[option] for option in "abc"}
    result = {
        "ballots": len(choices),
        "blank": choices.count(None),
        "counted": len(choices),
        "detail": {"totals": totals},
        "winners": [max("abc", key=lambda option: (totals[option], option))],
    }
    changed = {b'"type":"close"': {"ballots": len(choices)}, b'"type":"result"': result}
    return [
        edited(leaf, **next((new for mark, new in changed.items() if mark in leaf), {}))
        for leaf in leaves
    ]


def dropped(leaves):
    return leaves[:FOURTH] + leaves[CLOSE:]


def swapped(leaves):
    return [leaves[0], leaves[SECOND], leaves[FIRST], *leaves[THIRD:]]


def duplicated(leaves):
    return [*leaves[:CLOSE], leaves[FIRST], *leaves[CLOSE:]]


def changed_vote(leaves):
    leaves[FOURTH] = edited(leaves[FOURTH], choice="a")
    return leaves


def reordered(leaves):
    leaves[FOURTH], leaves[CLOSE] = leaves[CLOSE], leaves[FOURTH]
    return leaves


def spelled_differently(leaves):
    leaves[FOURTH] = leaves[FOURTH].replace(b'"v":1', b'"v": 1')
    return leaves


def with_ballot(new):
    return lambda leaves: [*leaves[:CLOSE], new, *leaves[CLOSE:]]


def in_place(new):
    def change(leaves):
        leaves[FOURTH] = new
        return leaves

    return change


def forged_token():
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ballot("a", poll()["manifest"].encode(), stranger)


def for_another_manifest():
    return ballot("a", poll(SEALED)["manifest"].encode(), issuer())


def with_another_result(leaves):
    totals = {"a": 2, "b": 1, "c": 0}
    leaves[RESULT] = edited(leaves[RESULT], detail={"totals": totals}, winners=["a"])
    return leaves


NAIVE = {
    "drop": (dropped, {*SHORTER, "close.count", "result.recount"}),
    "swap": (swapped, {*BROKEN_LOG, "log.order"}),
    "duplicate": (
        duplicated,
        {"log.consistency", "log.root", "log.uncovered", "record.missing"}
        | {"ballot.key-reused", "ballot.token-reused", "close.count", "result.recount"},
    ),
    "edit": (changed_vote, {*BROKEN_LOG, "ballot.signature", "result.recount"}),
    "reorder": (reordered, {*BROKEN_LOG, "log.kinds"}),
    "spell": (spelled_differently, {*BROKEN_LOG, "leaf.canonical", "result.recount"}),
    "other result": (with_another_result, {"log.root", *TILES, "result.file", "result.recount"}),
    "truncate": (
        lambda leaves: leaves[:RESULT],
        {"log.truncated", "log.unfinished", "result.file", "record.missing"},
    ),
}
DETERMINED = {
    "swap": (swapped, {"log.order"}),
    "duplicate": (duplicated, {"ballot.key-reused", "ballot.token-reused"}),
    "edit": (changed_vote, {"ballot.signature"}),
    "reorder": (reordered, {"log.kinds"}),
}


@pytest.mark.adversary("A14")
@pytest.mark.parametrize("name", NAIVE)
def test_a_naive_change_is_red(name):
    change, expected = NAIVE[name]
    found = codes(naive(change))
    assert found == expected


@pytest.mark.adversary("A14")
@pytest.mark.parametrize("name", DETERMINED)
def test_a_determined_change_is_caught_by_the_ballots_themselves(name):
    change, expected = DETERMINED[name]
    assert codes(determined(change, sizes={1, 4, 5, 6, 7, 8})) == expected


def test_a_leaf_spelled_differently_is_no_leaf_even_in_a_consistent_log():
    found = codes(determined(spelled_differently, adapt=False))
    assert found == {"leaf.canonical", "result.recount"}


def test_a_wrong_result_is_recounted():
    assert codes(determined(with_another_result, adapt=False)) == {"result.recount"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"blank": 0}, "result.recount"),
        ({"counted": 3}, "result.recount"),
        ({"ballots": 5}, "result.recount"),
        ({"invalid": 1}, "result.recount"),
        ({"detail": {"totals": {"a": 1, "b": 2}}}, "result.recount"),
        ({"detail": {"totals": {"a": 1, "b": True, "c": 0}}}, "result.recount"),
        ({"rules": "approval/1"}, "result.rule"),
    ],
)
def test_every_field_of_the_result_is_compared(changes, expected):
    def wrong(leaves):
        return [*leaves[:RESULT], edited(leaves[RESULT], **changes)]

    assert codes(determined(wrong, adapt=False)) == {expected}


def test_a_token_that_the_issuer_never_signed():
    found = codes(determined(with_ballot(forged_token()), sizes={1, 4, 5, 6, 7, 8}))
    assert found == {"ballot.token"}


def test_a_ballot_for_another_manifest():
    found = codes(determined(with_ballot(for_another_manifest()), sizes={1, 4, 5, 6, 7, 8}))
    assert found == {"leaf.manifest", "result.recount"}


def test_a_stuffed_ballot_shows_as_slack_spent():
    stuffed = ballot("a", poll()["manifest"].encode(), issuer())
    draft = determined(with_ballot(stuffed), sizes={1, 4, 5, 6, 7, 8})
    assert codes(draft) == set()
    assert codes(draft, "yellow") == set()
    twice = determined(
        lambda leaves: [*leaves[:CLOSE], stuffed, _other_ballot(), *leaves[CLOSE:]],
        sizes={1, 4, 5, 6, 7, 8, 9},
    )
    assert codes(twice) == {"slack.negative"}


def _other_ballot():
    return ballot("c", poll()["manifest"].encode(), issuer())


def test_a_dropped_ballot_that_was_counted_out_shows_only_on_paper():
    draft = determined(dropped, sizes={1, 4, 5, 6})
    assert codes(draft) == set()
    assert codes(determined(dropped, sizes={1, 4, 5, 6}, adapt=False)) == {
        "close.count",
        "result.recount",
    }


def test_a_truncated_log_without_its_result():
    assert codes(determined(lambda leaves: leaves[:RESULT], adapt=False)) == {"log.unfinished"}
    assert codes(determined(lambda leaves: leaves[:CLOSE], adapt=False)) == {"log.unfinished"}


@pytest.mark.parametrize(
    ("size", "expected"), [(4, "log.consistency"), (7, "log.root"), (1, "log.consistency")]
)
def test_a_forked_checkpoint_signed_by_the_log(size, expected):
    draft = golden()
    forked = draft.signed(size, [edited(leaf, v=2) for leaf in draft.leaves])
    assert codes(replace(draft, notes={**draft.notes, size: forked})) == {expected}


def test_a_forked_checkpoint_that_the_log_did_not_sign():
    draft = golden()
    forged = replace(draft, log_seed=bytes(32)).signed(4).replace(b"\n\n", b"\n\n", 1)
    assert codes(replace(draft, notes={**draft.notes, 4: forged})) == {"log.checkpoint-signature"}


@pytest.mark.parametrize("garbage", [b"", b"x", b"\xff\n", b"a\n4\nb\n\n"])
def test_a_checkpoint_that_is_none(garbage):
    draft = golden()
    assert codes(replace(draft, notes={**draft.notes, 4: garbage})) == {"log.checkpoint-form"}


def test_a_checkpoint_filed_under_another_size():
    draft = golden()
    moved = {**draft.notes, 4: draft.notes[5]}
    assert codes(replace(draft, notes=moved)) == {"log.checkpoint-form"}


def test_a_log_whose_end_no_checkpoint_covers():
    draft = golden()
    short = {size: note for size, note in draft.notes.items() if size < 7}
    assert codes(replace(draft, notes=short)) == {"log.uncovered"}
    assert codes(replace(draft, notes={})) == {"log.uncovered", "log.order"}


def test_another_manifest_beside_the_log():
    other = edited(poll()["manifest"], title="Another question?")
    found = codes(replace(golden(), manifest=other))
    assert found == {"manifest.leaf", "leaf.manifest"} | {"result.file"}


@pytest.mark.parametrize("number", range(19))
@pytest.mark.parametrize(("which", "place"), [(LIVE, 5), (SEALED, 13)])
def test_what_intake_refuses_is_refused_for_the_same_reason(which, place, number):
    case, draft = poll(which)["refuse"][number], golden(which)
    kind = "leaf" if case["code"] in ("canonical", "fields", "manifest") else "ballot"
    leaf = case["leaf"].encode("utf-8")
    leaves = [*draft.leaves[:place], leaf, *draft.leaves[place:]]
    sizes = {*draft.notes, place + 1, *(size + 1 for size in draft.notes if size > place)}
    found = report_on(replace(draft, leaves=leaves).sealed_again(sizes)).findings
    about = place + leaf.count(b"\n")
    mine = [
        finding.code
        for finding in found
        if finding.leaf == about and not finding.code.endswith("-reused")
    ]
    assert mine == [f"{kind}.{case['code']}"]


def test_a_key_that_is_used_twice_with_two_tokens():
    key = ec.generate_private_key(ec.SECP256R1())
    manifest, signer = poll()["manifest"].encode(), issuer()
    two = sorted((ballot(choice, manifest, signer, key) for choice in "ab"), key=leaf_hash)
    draft = determined(
        lambda leaves: [*leaves[:CLOSE], *two, *leaves[CLOSE:]], sizes={1, 4, 5, 7, 8, 9}
    )
    assert codes(draft) == {"ballot.key-reused", "slack.negative"}


def test_a_choice_that_does_not_exist_is_no_vote():
    stray = ballot("z", poll()["manifest"].encode(), issuer())
    draft = determined(with_ballot(stray), sizes={1, 4, 5, 6, 7, 8}, adapt=False)
    assert codes(draft) == {"ballot.choice", "close.count", "result.recount"}


def test_the_recount_is_shown_without_refused_ballots_too():
    draft = determined(with_ballot(forged_token()), sizes={1, 4, 5, 6, 7, 8})
    recount = report_on(draft).recount
    assert recount["detail"]["totals"] == {"a": 2, "b": 2, "c": 0}
    assert recount["without_refused"]["detail"]["totals"] == {"a": 1, "b": 2, "c": 0}


def test_more_passes_than_people_and_more_help_than_ballots():
    draft = golden(SEALED)
    for field, value in (("passes", 11), ("assisted", 1)):
        leaves = [
            edited(leaf, **{field: value}) if b'"type":"close"' in leaf else leaf
            for leaf in draft.leaves
        ]
        assert codes(replace(draft, leaves=leaves).sealed_again()) == {"close.passes"}


def test_a_roll_that_is_not_the_announced_one():
    draft = golden(SEALED)
    part = json.loads(draft.leaves[1])["commitments"]
    for changes, expected in (
        ({"commitments": part[::-1]}, {"roll.order", "roll.root"}),
        ({"commitments": part[:2]}, {"roll.order", "roll.root"}),
        ({"from": 1}, {"roll.order"}),
        ({"commitments": ["A" * 43, *part[1:]]}, {"roll.root"}),
    ):
        leaves = [draft.leaves[0], edited(draft.leaves[1], **changes), *draft.leaves[2:]]
        assert codes(replace(draft, leaves=leaves).sealed_again()) == expected


def test_another_tally_key_opens_nothing():
    draft = golden(SEALED)
    leaves = [
        edited(leaf, secret="A" * 42 + "E") if b'"tally-key"' in leaf else leaf
        for leaf in draft.leaves
    ]
    report = report_on(replace(draft, leaves=leaves).sealed_again())
    assert {finding.code for finding in report.findings} == {"tally.key"}
    assert report.states()["result.recount"] is None


def test_a_checkpoint_between_manifest_and_roll_is_worth_a_look():
    draft = golden(SEALED)
    assert codes(draft.sealed_again({1, *draft.notes}), "yellow") == {
        "log.first-checkpoint",
        "slack.margin",
    }


def test_notes_and_corrections():
    draft = golden()
    about = {"manifest": poll()["manifest_field"], "v": 1}
    note = canon({**about, "type": "note", "text": "The hall was closed at noon."})
    again = canon({**about, "type": "recount", "code": "2", "reason": "a bug"})
    leaves = [*draft.leaves[:CLOSE], note, *draft.leaves[CLOSE:], again, draft.leaves[RESULT]]
    noted = replace(draft, leaves=leaves).sealed_again()
    assert codes(noted) == set()
    wrong_first = [*leaves[:-3], edited(leaves[-3], winners=["a"]), *leaves[-2:]]
    corrected = replace(draft, leaves=wrong_first).sealed_again()
    assert codes(corrected) == set()
    assert codes(corrected, "yellow") == {"result.earlier", "slack.margin"}


def test_an_annulled_poll_needs_no_result():
    draft = golden()
    about = {"manifest": poll()["manifest_field"], "v": 1}
    annul = canon({**about, "type": "annul", "reason": "two questions in one"})
    stopped = replace(draft, leaves=[*draft.leaves[:CLOSE], annul]).sealed_again()
    assert codes(stopped) == set()
    assert codes(stopped, "yellow") == {"log.annulled"}


def test_a_signature_by_the_right_key_over_other_words():
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = json.loads(ballot("a", poll()["manifest"].encode(), issuer(), key))
    leaf.pop("sig")
    other = json.loads(signed_ballot({**leaf, "choice": "b"}, key))
    stuffed = canon({**other, "choice": "a"})
    draft = determined(with_ballot(stuffed), sizes={1, 4, 5, 6, 7, 8})
    assert codes(draft) == {"ballot.signature"}
