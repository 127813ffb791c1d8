import json
import stat
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.sample import LOG_SEED, issuer, manifest
from tests.voting.town import Town
from voting.client import Receipt, Voter, check_promise
from voting.client.__main__ import choice_from, main
from voting.client.journey import Journey
from voting.client.keeping import Keeper
from voting.client.web import Refused
from voting.domain import canonical, merkle
from voting.domain.refusal import Refusal

CAST = ("POST", "ballots")
COLLECT = ("POST", "pass")


@pytest.fixture
def town():
    one = Town()
    yield one
    one.close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ballot.json"


def journey(town, file):
    return Journey(town.poll, Keeper(file), patience_s=0)


def vote(town, file, choice="a"):
    way = journey(town, file)
    way.collect()
    way.cast(choice)
    return way


def choices(town):
    return [canonical.decode(leaf)["choice"] for leaf in town.log[2:]]


def test_a_resident_votes_from_a_terminal(town, file, tmp_path, capsys):
    receipt = tmp_path / "receipt.json"
    arguments = [town.poll, "b", "--file", str(file), "--receipt", str(receipt)]
    assert main(arguments) == 0
    assert choices(town) == ["b"]
    found = Receipt.load(receipt.read_bytes())
    assert found.leaf == town.log[2]
    assert found.check(town.manifest).index == 2
    assert json.loads(receipt.read_bytes()).keys() == {"leaf", "promise", "proof"}
    assert town.manifest.sha256.hex() in capsys.readouterr().out
    assert main(arguments) == 0
    assert choices(town) == ["b"]


def test_the_box_never_sees_a_cookie_and_the_site_never_a_ballot(town, file):
    vote(town, file).prove()
    box = [request for request in town.seen if request[1].startswith("/booth/")]
    site = [request for request in town.seen if request[1].startswith("/polls/")]
    assert {request[2]["Host"].split(":")[0] for request in box} == {"localhost"}
    assert {request[2]["Host"].split(":")[0] for request in site} == {"127.0.0.1"}
    assert not any("Cookie" in request[2] for request in box)
    assert [request[:2] for request in site if request[0] == "POST"] == [
        ("POST", f"/polls/{town.manifest.poll}/pass")
    ]


def test_the_log_is_checked_before_a_pass_is_asked_for(town, file):
    vote(town, file)
    paths = [request[1].split("/", 3)[3] for request in town.seen]
    assert paths.index("checkpoint") < paths.index("tile/0/000.p/2") < paths.index("pass", 3)
    town.log[0] = b"{}"
    with pytest.raises(Refusal) as refusal:
        journey(town, file.with_name("another.json")).collect()
    assert refusal.value.code == "log"
    assert len(town.passes) == 1


FAULTS = [
    (COLLECT, "lost before"),
    (COLLECT, "lost after"),
    (CAST, "lost before"),
    (CAST, "lost after"),
    (("GET", "checkpoint"), "lost before"),
    (("GET", "manifest.json"), "lost before"),
    (("GET", "tile/0/000.p/2"), "lost after"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_lost_running_again_casts_exactly_one_ballot(town, file, fault):
    town.faults.append(fault)
    with pytest.raises(OSError):
        vote(town, file)
    vote(town, file)
    vote(town, file)
    assert choices(town) == ["a"]
    assert len(town.passes) == 1


def test_busy_servers_are_asked_again(town, file):
    town.faults += [(COLLECT, "busy"), (COLLECT, "busy"), (CAST, "busy"), (CAST, "lost after")]
    way = Journey(town.poll, Keeper(file), patience_s=10)
    way.collect()
    way.cast("a")
    assert choices(town) == ["a"]


def test_a_kept_ballot_is_cast_whatever_is_asked_for_later(town, file):
    town.faults.append((CAST, "lost after"))
    with pytest.raises(OSError):
        vote(town, file, "a")
    vote(town, file, "b")
    assert choices(town) == ["a"]


def test_after_a_ballot_that_was_not_kept_another_may_be_cast(town, file):
    way = journey(town, file)
    way.collect()
    bad = way.voter.ballot("a").replace(b'"choice":"a"', b'"choice":"z"')
    way.keeper.keep(leaf=bad.decode())
    with pytest.raises(Refused) as refused:
        way.cast("b")
    assert (refused.value.status, refused.value.code) == (422, "signature")
    vote(town, file, "b")
    assert choices(town) == ["b"]


def test_who_has_only_the_recovery_code_finds_the_ballot(town, file, tmp_path):
    first = vote(town, file)
    code, other = first.voter.recovery_code, tmp_path / "other.json"
    arguments = [town.poll, "b", "--file", str(other), "--recovery-code", code.lower()]
    assert main(arguments) == 0
    assert choices(town) == ["a"]
    assert Keeper(other).kept.leaf.encode() == town.log[2]


def test_the_earliest_promise_is_kept(town, file):
    way = vote(town, file)
    first = way.keeper.kept.promise
    town.promise = lambda leaf: Town.promise(town, leaf, delay=170)
    way.cast("a")
    assert way.keeper.kept.promise == first
    assert not way.overdue()


@pytest.mark.parametrize(
    "lie",
    [
        lambda town, leaf: Town.promise(town, "00" * 32),
        lambda town, leaf: Town.promise(town, leaf, seed=bytes(32)),
        lambda town, leaf: Town.promise(town, leaf, delay=400),
        lambda town, leaf: b"{}",
    ],
)
def test_a_wrong_promise_is_not_believed(town, file, lie):
    town.promise = lambda leaf: lie(town, leaf)
    way = journey(town, file)
    way.collect()
    with pytest.raises(Refusal):
        way.cast("a")
    assert way.keeper.kept.promise == ""


def test_a_false_blind_signature_is_not_kept(town, file):
    town.faults.append((COLLECT, b"\x01" * 256))
    with pytest.raises(Refusal) as refusal:
        vote(town, file)
    assert refusal.value.code == "token"
    vote(town, file)
    assert choices(town) == ["a"]


def test_a_ballot_goes_nowhere_but_where_it_was_told(town, file, capsys):
    town.faults.append((CAST, "elsewhere"))
    with pytest.raises(Refused) as refused:
        vote(town, file)
    assert refused.value.status == 302
    assert choices(town) == []


def test_refusals_are_told_with_the_way_on(town, file, capsys):
    vote(town, file)
    Keeper(file).keep(token="", seed="00" * 32)
    assert main([town.poll, "a", "--file", str(file)]) == 1
    assert capsys.readouterr().err == "pass-taken: You have your pass. Go on at /there/\n"
    assert main([town.poll, "a", "--file", str(file), "--manifest-sha256", "00"]) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://town.test/", "polls/1", ""])
def test_only_web_addresses_are_opened(url, file, capsys):
    assert main([url, "a", "--file", str(file)]) == 1
    assert "not a web address" in capsys.readouterr().err


def test_other_terms_than_those_of_the_pass_are_noticed(town, file):
    vote(town, file)
    town.manifest = manifest(title="Another bench?")
    with pytest.raises(Refusal) as refusal:
        journey(town, file)
    assert refusal.value.code == "manifest"


def test_the_voter_s_file_is_the_owner_s_alone(town, file):
    vote(town, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("method", "text", "choice"),
    [
        ("plurality", "b", "b"),
        ("plurality", "-", None),
        ("approval", "c,a", ["a", "c"]),
        ("approval", "-", []),
        ("ranked", "c,a", ["c", "a"]),
        ("score", '{"a":3}', {"a": 3}),
        ("cumulative", "-", {}),
        ("ranked", '["b"]', ["b"]),
        ("yesno", "null", None),
    ],
)
def test_choices_are_typed_as_people_would(method, text, choice):
    class Terms:
        option_ids = ("a", "b", "c")

    Terms.method = method
    assert choice_from(text, Terms) == choice


@pytest.fixture(scope="module")
def ballot():
    voter = Voter(manifest(), b"\x09" * 32)
    voter.finish(issuer().blind_sign(voter.blinded))
    return voter.ballot("a")


def test_a_receipt_holds_together_or_not(town, ballot):
    promise = town.take(ballot)
    proof = town.proof(2)
    receipt = Receipt(ballot, promise, proof)
    assert receipt.check(manifest()).index == 2
    assert Receipt(ballot, promise).check(manifest()) is None
    assert Receipt.load(Receipt(ballot, promise).dump()) == Receipt(ballot, promise)
    other = manifest(title="Another bench?")
    for wrong, terms in [
        (receipt, other),
        (Receipt(ballot, promise, town.proof(0)), manifest()),
        (Receipt(ballot, promise, proof.replace("\n3\n", "\n4\n")), manifest()),
        (Receipt(ballot.replace(b'"a"', b'"b"'), promise, proof), manifest()),
        (Receipt(ballot, town.promise("00" * 32), proof), manifest()),
    ]:
        with pytest.raises(Refusal):
            wrong.check(terms)


@given(st.binary())
def test_arbitrary_receipts_are_refused(raw):
    with pytest.raises(Refusal):
        Receipt.load(raw)


def test_a_promise_that_gives_itself_too_much_time_is_refused(town, ballot):
    leaf = merkle.leaf_hash(ballot).hex()
    late = town.promise(leaf, LOG_SEED, delay=120 + 240)
    assert check_promise(late, ballot, manifest())
    with pytest.raises(Refusal) as refusal:
        check_promise(late, ballot, manifest(), datetime.now(UTC))
    assert refusal.value.code == "promise"
