"""No input, however odd, makes the verifier stop with anything but a verdict.

A glimpse by default; ``FUZZ=100`` looks a hundred times as long.
"""

import io
import json
import os
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voting.verify.forge import LIVE, SEALED, golden, poll, zipped
from voting.verify.checks import Trust, verify
from voting.verify.findings import EXIT, Unreadable
from voting.verify.receipts import read_last_checkpoint, read_receipt

LONGER = int(os.environ.get("FUZZ", "1"))

flips = st.lists(st.tuples(st.integers(0), st.integers(1, 255)), min_size=1, max_size=8)


def verdict(record, **trust):
    """The exit code, and what the record is worth; any other exception is a fault of ours."""
    try:
        report = verify(io.BytesIO(record), Trust(**trust), lambda leaves: None)
    except Unreadable:
        return 2
    return EXIT[report.verdict()]


@cache
def whole(which):
    return golden(which).zip()


@cache
def parts(which):
    return golden(which).entries()


def flipped(raw, changes):
    changed = bytearray(raw)
    for place, mask in changes:
        changed[place % len(raw)] ^= mask
    return bytes(changed)


@settings(max_examples=40 * LONGER)
@given(st.binary(max_size=300))
def test_garbage(raw):
    assert verdict(raw) == 2
    assert verdict(b"PK\3\4" + raw) == 2


@settings(max_examples=60 * LONGER)
@given(st.sampled_from([LIVE, SEALED]), flips)
def test_an_archive_with_flipped_bytes_is_never_green(which, changes):
    assert verdict(flipped(whole(which), changes)) in (1, 2, 3)


@settings(max_examples=40 * LONGER)
@given(st.sampled_from([LIVE, SEALED]), st.data())
def test_members_with_flipped_bytes_are_red(which, data):
    entries = dict(parts(which))
    name = data.draw(st.sampled_from(sorted(entries)))
    raw = flipped(entries[name], data.draw(flips))
    if raw != entries[name]:
        assert verdict(zipped({**entries, name: raw})) == 1


@settings(max_examples=30 * LONGER)
@given(st.sampled_from([LIVE, SEALED]), st.data())
def test_members_cut_or_replaced_are_red(which, data):
    entries = dict(parts(which))
    name = data.draw(st.sampled_from(sorted(entries)))
    cut = st.integers(0, len(entries[name]) - 1).map(lambda end: entries[name][:end])
    raw = data.draw(cut | st.binary(max_size=80))
    assert verdict(zipped({**entries, name: raw})) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(max_examples=30 * LONGER)
@given(st.sampled_from([LIVE, SEALED]), st.data())
def test_any_field_may_hold_anything(which, data):
    """Odd values in rightly written leaves, in a log that is consistent and signed."""
    draft = golden(which)
    index = data.draw(st.integers(1, len(draft.leaves) - 1))
    leaf = _any_field(draft.leaves[index], data)
    leaves = [*draft.leaves[:index], leaf, *draft.leaves[index + 1 :]]
    changed = type(draft)(leaves, draft.notes, draft.log_seed, draft.origin).sealed_again()
    assert verdict(changed.zip()) in ((3,) if leaf == draft.leaves[index] else (0, 1, 3))


@settings(max_examples=60 * LONGER)
@given(st.sampled_from([LIVE, SEALED]), st.data())
def test_the_manifest_may_hold_anything(which, data):
    entries = parts(which)
    raw = _any_field(entries["manifest.json"], data)
    if raw != entries["manifest.json"]:
        assert verdict(zipped({**entries, "manifest.json": raw})) == 1


def _any_field(raw, data):
    value = place = json.loads(raw)
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        inner = place[name]
        if not (isinstance(inner, dict) and inner and data.draw(st.booleans())):
            break
        place = inner
    place[name] = data.draw(json_values)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=50 * LONGER)
@given(st.data())
def test_papers_may_hold_anything(data):
    voter = poll()["voters"][0]
    known = {"leaf": voter["leaf"], "promise": voter["promise"], "proof": voter["tlog_proof"]}
    whole_papers = st.sampled_from([json.dumps(known).encode(), voter["tlog_proof"].encode()])
    odd = whole_papers.flatmap(lambda raw: flips.map(lambda changes: flipped(raw, changes)))
    odd |= json_values.map(lambda value: json.dumps(value).encode())
    odd |= st.sampled_from(sorted(known)).flatmap(
        lambda name: json_values.map(lambda value: json.dumps({**known, name: value}).encode())
    )
    try:
        receipt = read_receipt(data.draw(odd))
    except Unreadable:
        return
    assert verdict(whole(LIVE), receipt=receipt) in (1, 3)


@settings(max_examples=20 * LONGER)
@given(flips)
def test_checkpoints_may_hold_anything(changes):
    raw = flipped(golden().notes[5], changes)
    try:
        last = read_last_checkpoint(raw)
    except Unreadable:
        return
    assert verdict(whole(LIVE), last_checkpoint=last) in (
        (3,) if raw == golden().notes[5] else (1,)
    )


@pytest.mark.parametrize("which", [LIVE, SEALED])
def test_an_archive_cut_anywhere_is_no_record(which):
    record = whole(which)
    for end in range(0, len(record), len(record) // 60):
        assert verdict(record[:end]) == 2
