"""The archive itself: what is missing, doubled, foreign, damaged, swollen or merely untidy."""

import hashlib
import io
import json
import warnings
import zipfile
from dataclasses import replace

import pytest

from tests.voting.verify.forge import (
    SEALED,
    codes,
    edited,
    golden,
    new_manifest,
    poll,
    record_of,
    report_on,
    zipped,
)
from voting.verify.findings import Unreadable

TITLES = ("README.txt", "VERIFY.py")


def entries():
    return golden().entries()


def rezipped(change):
    """The golden entries in an archive written by ``change(archive, name, body)``."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of doubled names
        for name, body in sorted(entries().items()):
            change(archive, tidy(name), body)
    return stream.getvalue()


def tidy(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    return entry


@pytest.mark.parametrize("name", ["leaves.jsonl", "result.json", "tiles/0/000.p/7"])
def test_a_missing_entry_is_red(name):
    assert "record.missing" in codes(replace(golden(), without=(name,)))


def test_without_a_manifest_there_is_no_record():
    with pytest.raises(Unreadable):
        report_on(replace(golden(), without=("manifest.json",)))


@pytest.mark.parametrize("garbage", [b"", b"PK", b"not a zip" * 99, b"PK\5\6" + bytes(18)])
def test_what_is_no_archive_is_unreadable(garbage):
    with pytest.raises(Unreadable):
        report_on(garbage)


def test_companions_belong_to_a_record():
    for name in TITLES:
        assert codes(replace(golden(), extra={name: b"x"}), "yellow") == {"slack.margin"}


@pytest.mark.parametrize(
    "name", ["../evil", "notes/x", "client/x.js", "tiles/0/000.p/6", "\x1b[2J"]
)
def test_a_foreign_entry_is_worth_a_look(name):
    draft = replace(golden(), extra={name: b"x"})
    assert codes(draft) == set()
    assert codes(draft, "yellow") == {"record.unknown", "slack.margin"}


def test_a_doubled_entry_is_red_whatever_it_says():
    def twice(archive, entry, body):
        archive.writestr(entry, body)
        if entry.filename == "result.json":
            archive.writestr(tidy(entry.filename), body)

    assert codes(rezipped(twice)) == {"record.duplicate"}


def test_an_untidy_archive_with_the_right_content_is_yellow():
    def compressed(archive, entry, body):
        archive.writestr(entry, body, zipfile.ZIP_DEFLATED)

    def dated(archive, entry, body):
        entry.date_time = (2026, 11, 30, 20, 0, 0)
        archive.writestr(entry, body)

    def executable(archive, entry, body):
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, body)

    def commented(archive, entry, body):
        entry.comment = b"hello"
        archive.writestr(entry, body)

    for change in (compressed, dated, executable, commented):
        record = rezipped(change)
        assert codes(record) == set()
        assert codes(record, "yellow") == {"record.form", "slack.margin"}


def test_bytes_around_the_archive_and_another_order_are_yellow():
    backwards = io.BytesIO()
    with zipfile.ZipFile(backwards, "w") as archive:
        for name, body in sorted(entries().items(), reverse=True):
            archive.writestr(tidy(name), body)
    for record in (b"#!/bin/sh\n" + golden().zip(), backwards.getvalue()):
        assert codes(record) == set()
        assert "record.form" in codes(record, "yellow")


@pytest.mark.parametrize("name", ["leaves.jsonl", "manifest.json", "checkpoints/0000000004"])
def test_a_damaged_entry_is_red(name):
    record = bytearray(golden().zip())
    place = record.index(entries()[name])
    record[place + 5] ^= 1
    assert "record.damaged" in codes(bytes(record))


def test_a_bomb_is_not_read():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", entries()["manifest.json"])
        with archive.open("leaves.jsonl", "w", force_zip64=True) as leaves:
            for _ in range(80):
                leaves.write(b"\n" * 2**20)
    with pytest.raises(Unreadable):
        report_on(stream.getvalue())


def test_a_line_without_end_is_no_leaf():
    for body in (b"x" * 200_000, entries()["leaves.jsonl"][:-1], b""):
        found = codes(zipped({**entries(), "leaves.jsonl": body}))
        assert found & {"leaf.canonical", "leaf.size", "manifest.leaf"}


def test_a_manifest_too_long_is_red():
    assert codes(zipped({**entries(), "manifest.json": b" " * 70_000})) == {"record.damaged"}


def test_the_voters_program_is_the_announced_one():
    script = b"export const vote = 1;\n"
    digest = hashlib.sha256(script).hexdigest()
    manifest = new_manifest(client={"voting/booth.js": digest})
    result = {"blank": 0, "counted": 1, "invalid": 0, "rules": "plurality/1", "winners": ["a"]}
    result["detail"] = {"totals": {"a": 1, "b": 0, "c": 0}}
    record = record_of(manifest, ["a"], result)
    name = "client/voting/booth.js"
    assert report_on(replace(record, extra={name: script})).findings == []
    for changed in (record, replace(record, extra={name: b"other"})):
        assert codes(changed) == set()
        assert codes(changed, "yellow") == {"client.hash"}


WRONG_MANIFESTS = [
    {"v": True},
    {"type": "ballot"},
    {"quorum": 2},
    {"revote": True},
    {"poll": "1"},
    {"method": "guess"},
    {"open": "2026-11-02T08:00:00Z"},
    {"options": []},
    {"options": [{"id": "a", "title": "A"}] * 2},
    {"options": [{"id": "A", "title": "A"}]},
    {"issuers": []},
    {"tally_key": None},
    {"results": "live"},
    {"roll": {"size": 1}},
    {"batch": {}},
    {"rules": {"id": "irv/1", "params": {"max_ranks": 0}, "text": ""}},
    {"rules": {"id": "irv/1", "params": {"first_out": ["z"]}, "text": ""}},
    {"rules": {"id": "irv/1", "params": {"first_out": 1}, "text": ""}},
    {"rules": {"id": "pb-greedy/1", "params": {"budget": 1}, "text": ""}},
    {"method": "score"},
    {"method": "yesno"},
    {"extra": 1},
]


@pytest.mark.parametrize("changes", WRONG_MANIFESTS, ids=str)
def test_a_manifest_that_protocol_1_does_not_know_is_red(changes):
    manifest = edited(poll(SEALED)["manifest"], **changes)
    draft = replace(golden(SEALED), manifest=manifest)
    assert codes(draft) == {"manifest.fields"}


def test_an_issuer_key_that_is_odd_is_red():
    issuer = json.loads(poll()["manifest"])["issuers"][0]
    for changes in ({"e": 3}, {"kid": "00000000"}, {"n": "A" * 342}, {"alg": "RSA"}):
        manifest = new_manifest(issuers=[{**issuer, **changes}])
        assert codes(replace(golden(), manifest=manifest)) == {"manifest.fields"}


def test_a_manifest_that_is_not_canonical_is_red():
    manifest = poll()["manifest"].encode() + b"\n"
    assert codes(replace(golden(), manifest=manifest)) == {"manifest.canonical"}


def test_an_unknown_rule_is_not_recounted():
    rules = {"id": "borda/1", "params": {}, "text": "Points by rank."}
    manifest = new_manifest(rules=rules)
    result = {"blank": 0, "counted": 1, "invalid": 0, "rules": "borda/1", "winners": ["a"]}
    report = report_on(record_of(manifest, ["a"], {**result, "detail": {}}))
    assert [finding.code for finding in report.findings] == ["recount.unknown"]
    assert report.verdict() == "yellow"
