import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paths import shared
from voting.verify import ed25519, p256, rsa_pss
from voting.verify.aes_gcm import gcm_open
from voting.verify.sealed import hpke_open, uncompressed

pytestmark = pytest.mark.usefixtures("both_ways")
hexed = bytes.fromhex


@cache
def vectors(name):
    return json.loads(shared("vectors", name).read_text())


def test_p256_as_in_wycheproof_but_for_a_high_s():
    cases = 0
    for group in vectors("wycheproof_ecdsa_secp256r1_sha256_p1363.json")["testGroups"]:
        public = hexed(group["publicKey"]["uncompressed"])
        for case in group["tests"]:
            signature, valid = hexed(case["sig"]), case["result"] == "valid"
            s = int.from_bytes(signature[32:], "big")
            if valid and s > p256.EC_ORDER // 2:
                assert not p256.p256_valid(public, hexed(case["msg"]), signature)
                signature = signature[:32] + (p256.EC_ORDER - s).to_bytes(32, "big")
            assert p256.p256_valid(public, hexed(case["msg"]), signature) == valid, case
            cases += 1
    assert cases == 262


@pytest.mark.parametrize("bits", [2048, 4096])
def test_rsa_pss_as_in_wycheproof(bits):
    for group in vectors(f"wycheproof_rsa_pss_{bits}_sha384_mgf1_48.json")["testGroups"]:
        key = rsa_pss.IssuerKey(hexed(group["publicKey"]["modulus"]).lstrip(b"\0"))
        for case in group["tests"]:
            verdict = key.signed(hexed(case["msg"]), hexed(case["sig"]))
            assert verdict == (case["result"] == "valid"), case


def test_a_modulus_no_library_takes_is_judged_all_the_same():
    assert not rsa_pss.IssuerKey(b"\xff" * 255 + b"\xfe").signed(b"", bytes(256))


def test_ed25519_keys_on_which_libraries_disagree_are_refused():
    cases = vectors("ed25519_speccheck_cases.json")
    verdicts = [
        ed25519.ed25519_valid(*(hexed(case[name]) for name in ("pub_key", "message", "signature")))
        for case in cases
    ]
    assert verdicts == [False, False, True, True] + [False] * (len(cases) - 4)


def test_hpke_opens_what_rfc_9180_sealed_and_nothing_else():
    for vector in vectors("rfc9180_hpke_p256_base.json")["vectors"]:
        first = vector["encryptions"][0]
        context = hexed(vector["enc"]), int(vector["skRm"], 16), hexed(vector["pkRm"])
        enc, secret, public = context
        assert uncompressed(secret) == public
        info, aad, ct = hexed(vector["info"]), hexed(first["aad"]), hexed(first["ct"])
        assert hpke_open(enc, ct, secret, public, info, aad) == hexed(first["pt"])
        assert hpke_open(enc, ct, secret, public, info, aad + b"x") is None
        assert hpke_open(enc[:-1] + b"x", ct, secret, public, info, aad) is None
        for part in vector["encryptions"]:
            opened = gcm_open(
                hexed(vector["key"]), hexed(part["nonce"]), hexed(part["ct"]), hexed(part["aad"])
            )
            assert opened == hexed(part["pt"])


def test_secrets_outside_the_group_have_no_point():
    assert uncompressed(0) is None
    assert uncompressed(p256.EC_ORDER) is None
    assert uncompressed(p256.EC_ORDER - 1)[33:] != uncompressed(1)[33:]


@settings(max_examples=25)
@given(st.integers(1, p256.EC_ORDER - 1))
def test_multiples_of_the_base_by_both_tables_are_equal(scalar):
    windows = p256._to_affine([p256._add_base_multiple(p256.EC_NOWHERE, scalar)])[0]
    assert p256.p256_multiply(scalar, p256.EC_BASE) == windows
