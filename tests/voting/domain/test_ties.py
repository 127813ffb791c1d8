"""The order that settles ties."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from voting.domain.ties import tie_hash, tie_order

ids = st.lists(st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True), unique=True)


def test_the_worked_example_has_the_published_hashes_and_order():
    for poll in json.loads(shared("vectors", "civic-ballot-1.json").read_text())["polls"]:
        digest = bytes.fromhex(poll["manifest_sha256"])
        published = poll["tie_order"]
        assert tie_order(digest, sorted(e["id"] for e in published)) == [e["id"] for e in published]
        assert [tie_hash(digest, e["id"]).hex() for e in published] == [
            e["sha256"] for e in published
        ]


@given(st.binary(min_size=32, max_size=32), ids, st.randoms(use_true_random=False))
def test_the_order_holds_all_options_and_does_not_depend_on_theirs(digest, options, random):
    shuffled = random.sample(options, len(options))
    assert tie_order(digest, shuffled) == tie_order(digest, options)
    assert sorted(tie_order(digest, options)) == sorted(options)
