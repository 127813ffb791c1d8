import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.sample import issuer
from voting.domain import blind_rsa
from voting.domain.refusal import Refusal

E = 65537


def rfc9474():
    return json.loads(shared("vectors", "rfc9474_appendix_a.json").read_text())


@pytest.fixture(
    params=range(4), ids=["PSS", "PSSZERO", "PSS-Deterministic", "PSSZERO-Deterministic"]
)
def variant(request):
    return rfc9474()[request.param]


def number(case, name):
    return int(case[name], 16)


def raw(case, name):
    return bytes.fromhex(case[name].removeprefix("0x"))


def test_the_variants_are_those_of_the_rfc():
    assert {case["name"] for case in rfc9474()} == {
        "RSABSSA-SHA384-PSS-Randomized",
        "RSABSSA-SHA384-PSSZERO-Randomized",
        "RSABSSA-SHA384-PSS-Deterministic",
        "RSABSSA-SHA384-PSSZERO-Deterministic",
    }


def test_rfc_9474_is_reproduced(variant):
    n, e, message = number(variant, "n"), number(variant, "e"), raw(variant, "input_msg")
    salt, r = raw(variant, "salt"), pow(number(variant, "inv"), -1, n)
    assert message == raw(variant, "msg_prefix") + raw(variant, "msg")
    if "encoded_msg" in variant:
        encoded = blind_rsa.emsa_pss_encode(message, salt, n.bit_length() - 1)
        assert encoded == raw(variant, "encoded_msg")
    assert blind_rsa.blind(n, e, message, salt, r) == raw(variant, "blinded_msg")
    signature = blind_rsa.finalize(n, e, message, raw(variant, "blind_sig"), r, len(salt))
    assert signature == raw(variant, "sig")
    assert blind_rsa.verify(n, e, message, signature, len(salt))
    assert not blind_rsa.verify(n, e, message, signature, 48 - len(salt))


@pytest.mark.parametrize("bits", ["2048", "4096"])
def test_wycheproof_rsa_pss(bits):
    name = f"wycheproof_rsa_pss_{bits}_sha384_mgf1_48.json"
    for group in json.loads(shared("vectors", name).read_text())["testGroups"]:
        n = int(group["publicKey"]["modulus"], 16)
        assert len(group["tests"]) == 141
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            good = blind_rsa.verify(n, E, message, signature)
            assert good is (case["result"] == "valid"), case["tcId"]


@given(st.binary(), st.binary(min_size=48, max_size=48), st.integers(1, 2**2000))
def test_what_is_blinded_signed_and_unblinded_verifies(message, salt, r):
    n = issuer().n
    blinded = blind_rsa.blind(n, E, message, salt, r)
    signature = blind_rsa.finalize(n, E, message, issuer().blind_sign(blinded), r)
    assert blind_rsa.verify(n, E, message, signature)
    assert not blind_rsa.verify(n, E, message + b"x", signature)


@given(st.binary(max_size=600) | st.binary(min_size=256, max_size=256))
def test_arbitrary_bytes_are_no_signature(signature):
    assert not blind_rsa.verify(issuer().n, E, b"message", signature)
    with pytest.raises(Refusal) as refusal:
        blind_rsa.finalize(issuer().n, E, b"message", signature, 3)
    assert refusal.value.code == "token"


def test_a_signature_has_one_number_of_bytes_and_no_multiples():
    n = issuer().n
    blinded = blind_rsa.blind(n, E, b"m", bytes(48), 5)
    signature = blind_rsa.finalize(n, E, b"m", issuer().blind_sign(blinded), 5)
    more = int.from_bytes(signature, "big") + n
    assert not blind_rsa.verify(n, E, b"m", b"\0" + signature)
    assert not blind_rsa.verify(n, E, b"m", more.to_bytes(257, "big"))
    if more < 2**2048:
        assert not blind_rsa.verify(n, E, b"m", more.to_bytes(256, "big"))


@pytest.mark.parametrize("r", [0, -1, issuer().n, issuer().n + 1])
def test_a_number_that_cannot_blind_is_refused(r):
    with pytest.raises(Refusal) as refusal:
        blind_rsa.blind(issuer().n, E, b"m", bytes(48), r)
    assert refusal.value.code == "blinded-message"
