"""The record: what services made, a stranger finds in order; the same log gives the same bytes."""

import errno
import json
import subprocess
import sys
import uuid
import zipfile

import pytest
from django.db import connections

from tests.paths import ROOT
from tests.voting import polls
from voting.board.models import Checkpoint, Log
from voting.services.closing import annul_poll, open_poll
from voting.services.merging import merge_intake
from voting.services.recording import export_record, present_record, record_path

pytestmark = pytest.mark.django_db


def verdict(record, poll):
    """Exit code and output of the verifier, in a process that knows nothing of ours."""
    manifest = polls.manifest_of(poll)
    done = subprocess.run(
        [sys.executable, "-m", "voting.verify", record,
         "--manifest-sha256", manifest.sha256.hex(), "--vkey", manifest.vkey],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def whole_life(poll, choices):
    """Three batches, the last one in the closing, everybody who has a pass votes."""
    third = len(choices) // 3
    polls.cast(poll, *choices[:third])
    merge_intake(poll=poll.pk)
    polls.cast(poll, *choices[third:-1])
    merge_intake(poll=poll.pk)
    polls.cast(poll, *choices[-1:])
    return polls.ended(poll)


@pytest.mark.adversary("A14")
@pytest.mark.parametrize(("method", "rule"), polls.KINDS)
def test_a_stranger_recounts_every_method_and_finds_nothing(method, rule):
    choices = polls.KINDS[method, rule][1]
    poll = whole_life(polls.opened(method=method, rule=rule), choices * 2)
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 0, output


def test_with_a_roll_and_passes_left_over_the_record_is_in_order():
    people = [polls.person() for _ in range(6)]
    poll = polls.opened(who="roll")
    for number, person in enumerate(people):
        voter = polls.voter(poll, person.pk)
        if number < 5:  # one pass is never used: slack 1, the margin is 5
            polls.cast_ballot(poll=poll.pk, raw=voter.ballot("b"))
    poll = polls.ended(poll)
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 0, output


def test_with_as_many_passes_left_over_as_the_margin_the_verdict_is_yellow():
    poll = polls.opened()
    polls.cast(poll, "a", "b", "b")
    polls.voter(poll)
    poll = polls.ended(poll)
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 3, output


@pytest.mark.parametrize("voters", [0, 1])
def test_a_poll_without_votes_has_a_record_too(voters):
    poll = polls.opened()
    polls.cast(poll, *[None] * voters)
    poll = polls.ended(poll)
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 0, output
    assert json.loads(polls.logged(poll)[-1][1])["winners"] == []


def test_opened_and_closed_early_the_record_is_in_order():
    poll = polls.coming(who="account")
    open_poll(poll=poll, by=poll.organiser)
    poll.refresh_from_db()
    poll = whole_life(poll, ["a", "b", "a", None])
    assert polls.kinds(poll).count("note") == 2
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 0, output


@pytest.mark.parametrize("state", ["announced", "open", "closing", "closed", "decided"])
def test_an_annulled_poll_s_record_is_in_order(state):
    poll = polls.STATES[state](who="roll")
    annul_poll(poll=poll, by=poll.organiser, reason="The hours were wrong.")
    code, output = verdict(export_record(poll=poll.pk), poll)
    assert code == 3, output
    yellow = {
        line.split()[2] for line in output.splitlines() if line.startswith("[??] yellow  log")
    }
    assert yellow == {"log.annulled"}


def test_the_same_log_gives_the_same_bytes():
    poll = whole_life(polls.opened(), ["a", "b", "b", None])
    first = export_record(poll=poll.pk).read_bytes()
    assert export_record(poll=poll.pk).read_bytes() == first


def test_the_record_holds_the_log_and_nothing_else():
    poll = whole_life(polls.opened(), ["a", "b", "b", None])
    with zipfile.ZipFile(export_record(poll=poll.pk)) as record:
        names = record.namelist()
        bodies = {name: record.read(name) for name in names}
        for entry in record.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert (entry.compress_type, entry.comment, entry.extra) == (
                zipfile.ZIP_STORED,
                b"",
                b"",
            )
    assert names == sorted(names)
    leaves = [body for _kind, body in polls.logged(poll)]
    size = len(leaves)
    assert bodies["leaves.jsonl"] == b"".join(leaf + b"\n" for leaf in leaves)
    assert bodies["manifest.json"] == leaves[0]
    assert bodies["result.json"] == leaves[-1]
    notes = {
        f"checkpoints/{size:010}": note.encode()
        for size, note in Checkpoint.objects.filter(poll=poll.pk).values_list("size", "note")
    }
    assert {name: bodies[name] for name in names if name.startswith("checkpoints/")} == notes
    tiles = {f"tiles/0/000.p/{size}", f"tiles/entries/000.p/{size}"}
    rest = {"README.txt", "VERIFY.py", "leaves.jsonl", "manifest.json", "result.json"}
    client = {name for name in names if name.startswith("client/")}
    assert set(names) == tiles | rest | set(notes) | client
    named = polls.manifest_of(poll).value["client"]
    assert {name.removeprefix("client/") for name in client} == set(named)


def test_a_record_exported_before_an_annulment_is_not_the_record_after_it():
    poll = whole_life(polls.opened(), ["a", "b", "b"])
    before = present_record(poll=poll.pk)
    assert present_record(poll=poll.pk) == before
    annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    after = present_record(poll=poll.pk)
    assert after.read_bytes() != before.read_bytes()
    with zipfile.ZipFile(after) as record:
        assert b'"annul"' in record.read("leaves.jsonl")


def test_there_is_no_record_of_what_is_no_poll():
    with pytest.raises(Log.DoesNotExist):
        export_record(poll=uuid.uuid4())


@pytest.mark.adversary("I3")
def test_a_record_that_could_not_be_written_leaves_nothing_half_done():
    poll = whole_life(polls.opened(), ["a", "b", "b"])

    def no_more_room(run, sql, *rest):
        if "board_checkpoint" in sql:
            raise OSError(errno.ENOSPC, "no space left")
        return run(sql, *rest)

    with connections["ballots"].execute_wrapper(no_more_room), pytest.raises(OSError):
        export_record(poll=poll.pk)
    folder = record_path(poll.pk, 0).parent
    assert [path.name for path in folder.iterdir() if path.suffix == ".part"] == []
