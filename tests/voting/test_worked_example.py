"""Every byte of the protocol's worked example, made by a client that others wrote."""

import hashlib
import hmac
import json

import pytest
from Crypto.PublicKey import RSA

from tests.paths import shared
from voting.client import Receipt, Voter, check_promise
from voting.client.receipts import check_proof
from voting.crypto import ed25519, p256
from voting.crypto.intake import check_ballot
from voting.crypto.issuer import Issuer
from voting.domain import (
    base64url,
    blind_rsa,
    canonical,
    leaves,
    merkle,
    notes,
    promises,
    rolls,
    tiles,
)
from voting.domain import p256 as curve
from voting.domain.ballots import parse_ballot, signed_leaf
from voting.domain.choices import check_choice
from voting.domain.derivation import derive
from voting.domain.manifest import Manifest
from voting.domain.recovery import recovery_code, seed_from_code
from voting.domain.refusal import Refusal
from voting.domain.ties import tie_hash, tie_order
from voting.domain.tlog_proofs import format_proof, parse_proof


def example():
    return json.loads(shared("vectors", "civic-ballot-1.json").read_text())


@pytest.fixture(scope="module", params=[0, 1], ids=["live", "sealed"])
def poll(request):
    return example()["polls"][request.param]


@pytest.fixture(scope="module")
def manifest(poll):
    return Manifest.parse(poll["manifest"].encode())


@pytest.fixture(scope="module")
def hashes(poll):
    return [merkle.leaf_hash(leaf.encode()) for leaf in poll["leaves"]]


def reader(hashes):
    return lambda level, index: merkle.root(hashes[index << level : (index + 1) << level])


def test_the_manifest_is_built_byte_for_byte(poll, manifest):
    assert canonical.encode(json.loads(poll["manifest"])) == poll["manifest"].encode()
    assert manifest.sha256.hex() == poll["manifest_sha256"]
    assert manifest.field == poll["manifest_field"]
    assert ed25519.public_key(bytes.fromhex(poll["log_private_seed"])).hex() == poll["log_public"]
    assert notes.vkey(manifest.origin, manifest.log_public) == manifest.vkey
    assert manifest.log_key_id.hex() == poll["log_key_id"]


def test_ties_are_ordered(poll, manifest):
    expected = [(entry["id"], entry["sha256"]) for entry in poll["tie_order"]]
    order = tie_order(manifest.sha256, manifest.option_ids)
    assert [(one, tie_hash(manifest.sha256, one).hex()) for one in order] == expected


def test_every_voter_derives_the_same(poll, manifest):
    for case in poll["voters"]:
        seed = bytes.fromhex(case["seed"])
        for name, step in case["hkdf"].items():
            assert step["info"] == (f"civic-ballot/1 {name}\n".encode() + manifest.sha256).hex()
            output = derive(seed, name, step["length"], manifest.sha256)
            assert output.hex() == step["output"]
        voter = Voter(manifest, seed)
        assert voter.secret == int(case["secret_key"], 16)
        assert voter.key.hex() == case["public_key"]
        assert curve.public_point(voter.secret) == voter.key
        assert (voter.prefix.hex(), voter.salt.hex()) == (case["prefix"], case["salt"])
        assert voter.r == int(case["r"], 16)
        assert voter.recovery_code == recovery_code(seed) == case["recovery_code"]
        assert seed_from_code(case["recovery_code"]) == seed


def test_every_token_is_blinded_signed_and_unblinded_alike(poll, manifest):
    numbers = [int(poll["issuer_private"][name], 16) for name in ("n", "e", "d", "p", "q")]
    issuer = Issuer(RSA.construct(numbers).export_key().decode())
    for case in poll["voters"]:
        voter = Voter(manifest, bytes.fromhex(case["seed"]))
        assert voter.token_message.hex() == case["token_message"]
        bits = manifest.n.bit_length() - 1
        encoded = blind_rsa.emsa_pss_encode(voter.token_message, voter.salt, bits)
        assert encoded.hex() == case["emsa_pss_encoded"]
        assert pow(voter.r, -1, manifest.n) == int(case["inv"], 16)
        assert voter.blinded.hex() == case["blinded_msg"]
        blind_sig = issuer.blind_sign(voter.blinded)
        assert blind_sig.hex() == case["blind_sig"]
        assert voter.finish(blind_sig).hex() == case["token"]


def test_every_ballot_is_written_alike(poll, manifest):
    for case in poll["voters"]:
        raw = case["leaf"].encode()
        ballot = check_ballot(raw, manifest)
        assert ballot.signed == case["ballot_message"].encode()
        assert hashlib.sha256(ballot.signed).hexdigest() == case["ballot_message_sha256"]
        assert ballot.sig.hex() == case["sig"]
        assert ballot.leaf_hash.hex() == case["leaf_hash"]
        assert curve.verify(ballot.key, ballot.signed, ballot.sig)
        unsigned = {k: v for k, v in json.loads(raw).items() if k != "sig"}
        signature = signed_with(int(case["ecdsa_k"], 16), case, ballot.signed)
        assert signed_leaf(unsigned, signature) == raw


def signed_with(k, case, message):
    """ECDSA with the example's nonce (FIPS 186-4 section 6.4), which no client may ever choose."""
    r = int.from_bytes(curve.public_point(k)[1:33], "big") % curve.ORDER
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    secret = int(case["secret_key"], 16)
    return curve.low_s(r, pow(k, -1, curve.ORDER) * (digest + r * secret) % curve.ORDER)


def test_our_own_voter_s_ballot_differs_in_its_signature_only(poll, manifest):
    for case in poll["voters"]:
        voter = Voter(manifest, bytes.fromhex(case["seed"]))
        voter.finish(bytes.fromhex(case["blind_sig"]))
        ours, theirs = (json.loads(raw) for raw in (
            voter.ballot(json.loads(case["leaf"])["choice"]), case["leaf"]
        ))  # fmt: skip
        assert p256.verify(voter.key, case["ballot_message"].encode(), bytes.fromhex(case["sig"]))
        assert {**ours, "sig": ""} == {**theirs, "sig": ""}


def test_every_promise_is_written_alike(poll, manifest):
    seed = bytes.fromhex(poll["log_private_seed"])
    for case in poll["voters"]:
        by, leaf = case["promise"]["by"], case["leaf_hash"]
        message = promises.promise_message(by, leaf, manifest.field)
        assert message == case["promise_message"].encode()
        raw = promises.promise(by, leaf, ed25519.sign(seed, message))
        assert json.loads(raw) == case["promise"]
        assert check_promise(raw, case["leaf"].encode(), manifest).by == by


def test_every_proof_is_written_and_read_alike(poll, manifest, hashes):
    for case in poll["voters"]:
        proof = check_proof(case["tlog_proof"], case["leaf"].encode(), manifest)
        size = proof.checkpoint.size
        path = merkle.inclusion_proof(case["leaf_index"], size, reader(hashes))
        leaf = bytes.fromhex(case["leaf_hash"])
        again = format_proof(leaf, case["leaf_index"], path, proof.note)
        assert again == case["tlog_proof"]
        receipt = Receipt(case["leaf"].encode(), canonical.encode(case["promise"]), again)
        assert Receipt.load(receipt.dump()) == receipt
        assert receipt.check(manifest) == proof == parse_proof(again)


def test_the_log_grows_alike(poll, hashes):
    assert [digest.hex() for digest in hashes] == poll["leaf_hashes"]
    assert merkle.root(hashes).hex() == poll["root"]
    for case in poll["consistency"]:
        old, new = case["from"], case["to"]
        proof = merkle.consistency_proof(old, new, reader(hashes))
        assert [each.hex() for each in proof] == case["proof"]
        roots = merkle.root(hashes[:old]), merkle.root(hashes[:new])
        assert merkle.verify_consistency(old, new, proof, *roots)


def test_every_checkpoint_is_signed_alike(poll, manifest, hashes):
    seed = bytes.fromhex(poll["log_private_seed"])
    for case in poll["checkpoints"]:
        root = merkle.root(hashes[: case["size"]])
        assert root.hex() == case["root"]
        text = notes.checkpoint_text(manifest.origin, case["size"], root)
        assert text == case["signed_text"]
        signature = ed25519.sign(seed, text.encode())
        assert signature.hex() == case["ed25519_signature"]
        note = notes.note(text, manifest.origin, manifest.log_key_id, signature)
        assert note == case["note"]
        opened = ed25519.open_checkpoint(note, manifest.vkey)
        assert (opened.size, opened.root) == (case["size"], root)


def test_tiles_and_bundles_are_written_alike(poll, hashes):
    raws = [leaf.encode() for leaf in poll["leaves"]]
    written = {}
    for tile in tiles.all_tiles(len(raws)):
        part = slice(tile.start, tile.start + tile.width)
        body = b"".join(hashes[part]) if tile.level == 0 else tiles.bundle(raws[part])
        written[f"tiles/{tiles.path(tile)}"] = body.hex()
        if tile.level is None:
            assert tiles.unbundle(body) == raws
    assert written == poll["tiles"]


def test_every_other_leaf_is_written_alike(poll, manifest):
    for raw in poll["leaves"][1:]:
        leaf = json.loads(raw)
        kind = leaf.pop("type")
        if kind != "ballot":
            assert again(kind, leaf, manifest.field) == raw.encode()


def again(kind, leaf, field):
    rest = {name: value for name, value in leaf.items() if name not in ("manifest", "v")}
    if kind == "roll":
        return leaves.roll_leaf(
            field, [base64url.decode(c) for c in rest["commitments"]], rest["from"]
        )
    if kind == "tally-key":
        return leaves.tally_key_leaf(field, base64url.decode(rest["secret"]))
    write = {"close": leaves.close_leaf, "result": leaves.result_leaf}[kind]
    return write(field, **rest)


def test_the_roll_is_committed_alike(poll, manifest):
    if poll["roll"] is None:
        assert manifest.roll is None
        return
    found = []
    for case in poll["roll"]["residents"]:
        salt = bytes.fromhex(case["salt"])
        one = rolls.commitment(salt, manifest.poll, case["resident"])
        assert one == hmac.digest(salt, case["message"].encode(), "sha256")
        assert one.hex() == case["commitment"]
        found.append(one)
    assert found == sorted(found)
    assert rolls.roll_root(found).hex() == poll["roll"]["root"]
    assert manifest.roll == {"size": len(found), "root": base64url.encode(rolls.roll_root(found))}


def test_what_every_intake_must_turn_away_is_turned_away_with_its_code(poll, manifest):
    found = {}
    for case in poll["refuse"]:
        with pytest.raises(Refusal) as refusal:
            check_ballot(case["leaf"].encode(), manifest)
        found[case["why"]] = refusal.value.code
    assert found == {case["why"]: case["code"] for case in poll["refuse"]}
    assert len(found) >= 19


def test_the_choices_of_a_live_poll():
    for case in example()["choices"]:
        terms = {name: case[name] for name in ("method", "params", "options")}
        try:
            check_choice(case["choice"], costs=case.get("costs", {}), **terms)
        except Refusal as refusal:
            assert (refusal.code, case["ok"]) == ("choice", False), case
        else:
            assert case["ok"], case


def test_the_leaves_file_and_the_other_files_of_the_record(poll):
    files = {
        "manifest.json": poll["leaves"][0],
        "leaves.jsonl": "".join(leaf + "\n" for leaf in poll["leaves"]),
        "result.json": poll["leaves"][-1],
        **{f"checkpoints/{c['size']:010}": c["note"] for c in poll["checkpoints"]},
    }
    for name, content in files.items():
        assert hashlib.sha256(content.encode()).hexdigest() == poll["record_sha256"][name]


def test_a_ballot_is_read_without_its_manifest(poll, manifest):
    for case in poll["voters"]:
        ballot = parse_ballot(case["leaf"].encode(), manifest.k)
        assert ballot.key.hex() == case["public_key"]
        assert ballot.token.hex() == case["token"]
