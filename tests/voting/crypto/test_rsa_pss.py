import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.sample import issuer
from voting.crypto import rsa_pss
from voting.domain import blind_rsa

E = 65537


@pytest.mark.parametrize("bits", ["2048", "4096"])
def test_wycheproof_and_our_own_integers_agree(bits):
    name = f"wycheproof_rsa_pss_{bits}_sha384_mgf1_48.json"
    for group in json.loads(shared("vectors", name).read_text())["testGroups"]:
        n = int(group["publicKey"]["modulus"], 16)
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            good = rsa_pss.verify(n, E, message, signature)
            assert good is blind_rsa.verify(n, E, message, signature)
            assert good is (case["result"] == "valid"), case["tcId"]


def test_a_leading_zero_may_not_be_left_out():
    n = issuer().n
    for number in range(10_000):
        message = number.to_bytes(2, "big")
        encoded = blind_rsa.emsa_pss_encode(message, bytes(48), n.bit_length() - 1)
        signature = issuer().blind_sign(encoded)
        if signature[0] == 0:
            break
    assert rsa_pss.verify(n, E, message, signature)
    assert not rsa_pss.verify(n, E, message, signature[1:])


@settings(max_examples=40)
@given(st.binary(), st.integers(0, 2**2100), st.data())
def test_both_verifiers_agree_on_anything(message, number, data):
    """Also on what is a signature but for its salt, its length or one bit."""
    n = issuer().n
    salt = bytes(data.draw(st.sampled_from([0, 47, 48, 49])))
    encoded = blind_rsa.emsa_pss_encode(message, salt, n.bit_length() - 1)
    signature = issuer().blind_sign(encoded)
    assert rsa_pss.verify(n, E, message, signature) is (len(salt) == 48)
    bit = 1 << data.draw(st.integers(0, 2047))
    flipped = (int.from_bytes(signature, "big") ^ bit).to_bytes(256, "big")
    length = data.draw(st.sampled_from([255, 256, 257]))
    padded = (number % 256**length).to_bytes(length, "big")
    for each in (signature, flipped, padded, signature[1:], b"\0" + signature, b""):
        assert rsa_pss.verify(n, E, message, each) is blind_rsa.verify(n, E, message, each)
