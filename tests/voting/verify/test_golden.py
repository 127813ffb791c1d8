"""The worked example as records: byte for byte, and what the verifier says of them."""

import hashlib
import json

import pytest

from tests.voting.verify.forge import LIVE, SEALED, codes, example, golden, poll, report_on

pytestmark = pytest.mark.usefixtures("both_ways")


@pytest.mark.parametrize("which", [LIVE, SEALED])
def test_the_builder_makes_the_record_byte_for_byte(which):
    made = {name: hashlib.sha256(raw).hexdigest() for name, raw in golden(which).entries().items()}
    assert made == poll(which)["record_sha256"]


@pytest.mark.parametrize("which", [LIVE, SEALED])
def test_only_an_unused_pass_as_large_as_the_margin_is_yellow(which):
    report = report_on(golden(which), manifest_sha256=poll(which)["manifest_sha256"])
    assert [finding.code for finding in report.findings] == ["slack.margin"]
    assert None not in report.states().values()
    assert report.verdict() == "yellow"


@pytest.mark.parametrize("which", [LIVE, SEALED])
def test_the_recount_is_the_published_result(which):
    result = json.loads(poll(which)["leaves"][-1])
    recount = report_on(golden(which)).recount
    assert {name: result[name] for name in recount} == recount


def test_a_sealed_poll_is_opened_by_its_own_tally_key():
    assert report_on(golden(SEALED)).states()["tally.key"] == "green"


def test_it_says_that_a_record_agrees_only_with_itself():
    known = poll()["manifest_sha256"], json.loads(poll()["manifest"])["log"]["vkey"]
    both = report_on(golden(), manifest_sha256=known[0], vkey=known[1])
    assert both.cautions == []
    for trust in ({}, {"manifest_sha256": known[0]}, {"vkey": known[1]}):
        assert len(report_on(golden(), **trust).cautions) == 1


def test_another_manifest_or_key_than_the_published_one_is_red():
    other = json.loads(poll(SEALED)["manifest"])["log"]["vkey"]
    assert codes(golden(), manifest_sha256="0" * 64) == {"manifest.sha256"}
    assert {"log.named-key", "log.vkey"} <= codes(golden(), vkey=other)


def test_the_example_is_complete():
    assert [len(part["leaves"]) for part in example()["polls"]] == [7, 16]
