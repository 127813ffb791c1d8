import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.sample import issuer, manifest, manifest_value
from voting.domain import base64url, canonical, p256
from voting.domain.counting import RULES
from voting.domain.manifest import Manifest, build, issuer_entry
from voting.domain.refusal import Refusal
from voting.domain.terms import RULE_METHODS

TALLY_KEY = {
    "hpke": "P-256",
    "k": 2,
    "n": 3,
    "pad": 64,
    "pub": base64url.encode(p256.public_point(9)),
}


def changed(*path, to=None, drop=False):
    """The sample manifest with one place in it changed or left out."""
    value = copy.deepcopy(manifest_value())
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return canonical.encode(value)


def refused(raw):
    with pytest.raises(Refusal) as refusal:
        Manifest.parse(raw)
    return refusal.value.code


def test_a_manifest_says_what_it_was_built_from():
    found, value = manifest(), manifest_value()
    assert found.value == value
    assert build(found.value) == found.raw
    assert (found.n, found.k) == (issuer().n, 256)
    assert (found.option_ids, found.titles, found.costs) == (("a", "b"), {"a": "A", "b": "B"}, {})
    assert (found.origin, found.vkey) == (value["log"]["origin"], value["log"]["vkey"])
    assert (found.method, found.rule, found.params) == ("plurality", "plurality/1", {"seats": 1})
    assert found.max_delay_s == 120


@pytest.mark.parametrize("name", list(manifest_value()))
def test_every_field_is_needed_and_none_besides(name):
    assert refused(changed(name, drop=True)) == "fields"
    assert refused(canonical.encode(manifest_value(**{name + "_": 1}))) == "fields"


@pytest.mark.parametrize("name", list(manifest_value()))
@pytest.mark.parametrize("other", [None, True, 7, "x", [], {}, ["x"], {"x": 1}])
def test_no_field_takes_any_type(name, other):
    raw = changed(name, to=other)
    same = {"roll": [None], "tally_key": [None], "client": [{}], "assisted": [True]}
    free = name in ("title", "eligibility") and other == "x"
    if free or other in same.get(name, []):
        assert Manifest.parse(raw).raw == raw
    else:
        assert refused(raw) == "fields"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("v",), 2),
        (("v",), True),
        (("quorum",), 2),
        (("quorum",), True),
        (("revote",), True),
        (("revote",), 0),
        (("type",), "ballot"),
        (("title",), ""),
        (("poll",), "00000000-0000-4000-8000-00000000000A"),
        (("poll",), "{00000000-0000-4000-8000-00000000000a}"),
        (("results",), "sealed"),
        (("tally_key",), TALLY_KEY),
        (("open",), "2026-11-02 08:00Z"),
        (("open",), "2026-10-31T08:00Z"),
        (("close",), "2026-11-02T08:00Z"),
        (("options",), []),
        (("options", 1, "id"), "a"),
        (("options", 1, "id"), ""),
        (("options", 1, "id"), "-b"),
        (("options", 1, "id"), "B"),
        (("options", 1, "id"), "b" * 33),
        (("options", 1, "id"), "b\n"),
        (("options", 1, "id"), "é"),
        (("options", 1, "title"), ""),
        (("options", 1, "cost"), 5),
        (("options", 1, "colour"), "red"),
        (("issuers",), []),
        (("issuers", 0, "alg"), "RSABSSA-SHA384-PSS-Deterministic"),
        (("issuers", 0, "e"), 3),
        (("issuers", 0, "e"), "65537"),
        (("issuers", 0, "kid"), "00000000"),
        (("issuers", 0, "n"), "AAAA"),
        (("issuers", 0, "more"), 1),
        (("rules", "id"), "irv/1"),
        (("rules", "id"), "plurality/2"),
        (("rules", "text"), ""),
        (("rules", "params"), {"seats": 0}),
        (("rules", "params"), {"seats": True}),
        (("rules", "params"), {"max_ranks": 3}),
        (("rules", "params"), {"colour": 3}),
        (("method",), "show-of-hands"),
        (("batch", "min"), 0),
        (("batch", "every_s"), "10"),
        (("batch", "more"), 1),
        (("roll",), {"size": 1}),
        (("roll",), {"size": -1, "root": "A" * 43}),
        (("roll",), {"size": 1, "root": "AAAA"}),
        (("log", "origin"), "elsewhere.test"),
        (("log", "vkey"), "elsewhere.test"),
        (("log", "more"), 1),
        (("client", "voting/ballot.js"), "00"),
        (("client", "voting/ballot.js"), "AB" * 32),
    ],
)
def test_wrong_contents_are_refused(path, to):
    assert refused(changed(*path, to=to)) == "fields"


def test_two_issuers_are_refused():
    issuers = manifest_value()["issuers"]
    assert refused(changed("issuers", to=issuers * 2)) == "fields"


@pytest.mark.parametrize("bits", [2047, 2040, 2049, 1024, 4096])
def test_a_modulus_has_exactly_the_bits_allowed(bits):
    with pytest.raises(ValueError):
        issuer_entry(1 << (bits - 1) | 1, bits)


def test_an_even_modulus_is_refused():
    with pytest.raises(Refusal):
        issuer_entry(1 << 2047, 2048)
    assert issuer_entry(1 << 2047 | 1, 2048)["e"] == 65537


SHARES = [([1, 2], True), ([0, 1], True), ([2, 3], True), ([1, 1], False), ([1, 0], False)]


@pytest.mark.parametrize(("share", "taken"), [*SHARES, ([1], False), ([-1, 2], False)])
def test_a_share_lies_below_one(share, taken):
    rules = {"id": "threshold/1", "params": {"quorum": 0, "share": share}, "text": "More."}
    options = [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]
    raw = canonical.encode(manifest_value(method="yesno", rules=rules, options=options))
    if taken:
        assert Manifest.parse(raw).params["share"] == share
    else:
        assert refused(raw) == "fields"


def test_yes_or_no_has_its_two_options():
    rules = {"id": "plurality/1", "params": {}, "text": "Most."}
    assert refused(canonical.encode(manifest_value(method="yesno", rules=rules))) == "fields"


PARAMS = {
    "threshold/1": {"quorum": 1, "share": [1, 2]},
    "score/1": {"min": 0, "max": 5},
    "cumulative/1": {"points": 4},
    "pb": {"budget": 100},
}


@pytest.mark.parametrize(
    ("rule", "method"), [(rule, m) for rule, methods in RULE_METHODS.items() for m in methods]
)
def test_every_rule_has_its_parameters(rule, method):
    by_method = {"score": PARAMS["score/1"], "cumulative": PARAMS["cumulative/1"]}
    spends = rule.startswith("pb-")
    params = {**PARAMS.get("pb" if spends else rule, {}), **by_method.get(method, {})}
    ids = ["yes", "no"] if method == "yesno" else ["a", "b"]
    cost = {"cost": 7} if spends else {}
    options = [{"id": one, "title": one, **cost} for one in ids]
    rules = {"id": rule, "params": params, "text": "As it says."}
    value = manifest_value(method=method, rules=rules, options=options)
    assert build(value)
    for name in params:
        rules["params"] = {other: params[other] for other in params if other != name}
        assert refused(canonical.encode(value)) == "fields"
    rules["params"] = params
    for option in options:
        option.pop("cost", None) or option.update(cost=7)
    assert refused(canonical.encode(value)) == "fields"


def test_every_rule_that_can_be_counted_can_be_announced():
    for rule in RULES.values():
        assert set(rule.methods) <= set(RULE_METHODS[rule.id])


@pytest.mark.parametrize(
    ("first_out", "right"), [(["b"], True), ([], True), (["c"], False), ([1], False), ("b", False)]
)
def test_options_that_are_to_leave_first_exist(first_out, right):
    rules = {"id": "irv/1", "params": {"first_out": first_out}, "text": "As it says."}
    raw = canonical.encode(manifest_value(method="ranked", rules=rules))
    if right:
        assert Manifest.parse(raw).params["first_out"] == first_out
    else:
        assert refused(raw) == "fields"


def test_a_sealed_poll_is_read_too():
    raw = canonical.encode(manifest_value(results="sealed", tally_key=TALLY_KEY))
    assert Manifest.parse(raw).results == "sealed"
    for bad in ({"k": 4}, {"pad": 0}, {"hpke": "X25519"}, {"pub": "BA"}, {"k": 0}, {"more": 1}):
        key = {**TALLY_KEY, **bad}
        assert (
            refused(canonical.encode(manifest_value(results="sealed", tally_key=key))) == "fields"
        )


def test_a_manifest_fits_into_a_leaf():
    assert refused(changed("title", to="x" * 65_535)) == "fields"


@given(st.binary())
def test_arbitrary_bytes_are_refused(raw):
    with pytest.raises(Refusal):
        Manifest.parse(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9**9) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(manifest_value())), json_values)
def test_arbitrary_fields_are_read_or_refused(name, value):
    raw = canonical.encode(manifest_value(**{name: value}))
    try:
        assert Manifest.parse(raw).raw == raw
    except Refusal as refusal:
        assert refusal.code == "fields"


def test_the_manifests_of_the_worked_example():
    for poll in json.loads(shared("vectors", "civic-ballot-1.json").read_text())["polls"]:
        found = Manifest.parse(poll["manifest"].encode())
        assert found.field == poll["manifest_field"]
        assert found.sha256.hex() == poll["manifest_sha256"]
        assert found.n == int(poll["issuer_private"]["n"], 16)
        assert found.log_public.hex() == poll["log_public"]
        assert found.log_key_id.hex() == poll["log_key_id"]
        assert build(found.value) == found.raw
