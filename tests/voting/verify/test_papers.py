"""A voter's own papers: receipts and the last checkpoint seen, against right and wrong records."""

import json
from dataclasses import replace

import pytest

from tests.voting.verify.forge import LIVE, SEALED, codes, golden, leaf_hash, poll, report_on
from tests.voting.verify.test_mutations import determined, dropped
from voting.verify.findings import Unreadable
from voting.verify.receipts import read_last_checkpoint, read_receipt

LAST_BALLOT = 1  # the voter whose leaf is the last in the log


def voter(which=LIVE, number=3):
    return poll(which)["voters"][number]


def papers(person, **changes):
    known = {"leaf": person["leaf"], "promise": person["promise"], "proof": person["tlog_proof"]}
    return read_receipt(json.dumps({**known, **changes}).encode())


def without_the_ballot():
    """A record from which one ballot was dropped, with everything else made right again."""
    return determined(dropped, sizes={1, 4, 5, 6})


@pytest.mark.parametrize("which", [LIVE, SEALED])
def test_every_receipt_of_the_example_holds(which):
    for person in poll(which)["voters"]:
        for receipt in (papers(person), read_receipt(person["tlog_proof"].encode())):
            report = report_on(golden(which), receipt=receipt)
            assert report.verdict() == "yellow"
            assert report.states()["receipt.proof"] == "green"
            assert report.facts["receipt"] == f"leaf {person['leaf_index']}"


def test_a_receipt_without_its_proof_still_says_which_ballot():
    for changes in ({"proof": None}, {"leaf": None}, {"promise": None}, {"proof": ""}):
        assert codes(golden(), receipt=papers(voter(), **changes)) == set()
    text = json.dumps(voter()["promise"])
    assert codes(golden(), receipt=papers(voter(), promise=text, proof=None)) == set()


def test_a_promised_ballot_that_is_not_there_was_lost():
    found = codes(without_the_ballot(), receipt=papers(voter(), proof=None))
    assert found == {"receipt.lost"}


def test_a_proven_ballot_that_is_not_there_shows_another_log():
    found = codes(without_the_ballot(), receipt=read_receipt(voter()["tlog_proof"].encode()))
    assert found == {"receipt.consistency", "receipt.leaf"}


@pytest.mark.parametrize(
    "promise", [{"by": "2026-11-02T08:04Z"}, {"leaf": "00" * 32}, {"sig": "AAAA"}, {"by": 3}]
)
def test_a_promise_the_log_did_not_make(promise):
    receipt = papers(voter(), promise={**voter()["promise"], **promise})
    assert codes(golden(), receipt=receipt) == {"receipt.promise"}


def test_a_promise_for_another_poll_is_no_promise_here():
    receipt = papers(voter(SEALED), proof=None)
    assert codes(golden(LIVE), receipt=receipt) == {"receipt.promise", "receipt.leaf"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("index 4", "index 3", "receipt.proof"),
        ("index 4", "index 99", "receipt.proof"),
        ("extra Sd2evo2O", "extra Td2evo2O", "receipt.proof"),
    ],
)
def test_a_proof_that_proves_something_else(old, new, expected):
    proof = voter()["tlog_proof"]
    assert old in proof
    assert codes(golden(), receipt=papers(voter(), proof=proof.replace(old, new))) == {expected}


def test_a_proof_under_a_checkpoint_that_nobody_signed():
    foreign = replace(golden(), log_seed=bytes(32)).signed(5).decode()
    proof = voter()["tlog_proof"].partition("\n\n")[0] + "\n\n" + foreign
    assert codes(golden(), receipt=papers(voter(), proof=proof)) == {"receipt.proof"}


@pytest.mark.parametrize(
    "garbage",
    [b"", b"{}", b"[]", b"\xff", b"c2sp.org/tlog-proof@v1\n", b'{"proof":"x"}', b"1" * 99],
)
def test_what_is_no_receipt_is_unreadable(garbage):
    with pytest.raises(Unreadable):
        read_receipt(garbage)


def test_the_last_checkpoint_seen_is_a_beginning_of_the_record():
    for note in golden().notes.values():
        last = read_last_checkpoint(note)
        assert codes(golden(), last_checkpoint=last) == set()


def test_the_last_checkpoint_seen_betrays_a_rewritten_log():
    last = read_last_checkpoint(golden().notes[5])
    found = codes(without_the_ballot(), last_checkpoint=last)
    assert found == {"last-checkpoint.consistency"}


def test_the_last_checkpoint_seen_betrays_a_shortened_log():
    draft = golden()
    short = replace(draft, leaves=draft.leaves[:6]).sealed_again()
    found = codes(short, last_checkpoint=read_last_checkpoint(draft.notes[7]))
    assert found == {"log.unfinished", "last-checkpoint.consistency"}


def test_a_checkpoint_of_another_log_is_not_taken_for_this_one():
    last = read_last_checkpoint(golden(SEALED).notes[5])
    assert codes(golden(LIVE), last_checkpoint=last) == {"last-checkpoint.signature"}
    with pytest.raises(Unreadable):
        read_last_checkpoint(b"not a checkpoint")


def test_an_unsigned_checkpoint_proves_nothing():
    foreign = replace(golden(), log_seed=bytes(32)).signed(5)
    found = codes(golden(), last_checkpoint=read_last_checkpoint(foreign))
    assert found == {"last-checkpoint.signature"}


def test_the_last_voter_is_the_one_whose_ballot_is_dropped():
    assert leaf_hash(voter()["leaf"].encode()) == leaf_hash(golden().leaves[4])
