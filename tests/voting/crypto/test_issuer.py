import json

import pytest
from Crypto.PublicKey import RSA
from Crypto.PublicKey.RSA import RsaKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.sample import issuer
from voting.crypto import issuer as module
from voting.crypto.issuer import (
    Issuer,
    generate_key,
    library_power,
    plain_power,
    private_power,
    public_modulus,
)
from voting.domain.refusal import Refusal


@pytest.fixture(scope="module")
def rfc9474():
    cases = json.loads(shared("vectors", "rfc9474_appendix_a.json").read_text())
    first = cases[0]
    key = RSA.construct([int(first[name], 16) for name in ("n", "e", "d", "p", "q")])
    return Issuer(key.export_key().decode()), cases


def test_rfc_9474_is_signed_alike(rfc9474):
    signer, cases = rfc9474
    assert len(cases) == 4
    for case in cases:
        blinded = bytes.fromhex(case["blinded_msg"])
        assert signer.blind_sign(blinded).hex() == case["blind_sig"]


@settings(max_examples=20)
@given(st.integers(2, 2**2047))
def test_both_private_operations_agree_and_their_answers_verify(z):
    signed = issuer().blind_sign(z.to_bytes(256, "big"))
    assert issuer().blind_sign(z.to_bytes(256, "big")) == signed
    assert plain_power(issuer()._key, z) == library_power(issuer()._key, z)
    assert pow(int.from_bytes(signed, "big"), 65537, issuer().n) == z


@pytest.mark.parametrize("length", [0, 1, 255, 257, 512])
def test_other_lengths_are_refused(length):
    refused(b"\x01" * length)


def test_numbers_out_of_range_are_refused():
    n = issuer().n
    for number in (0, n, n + 1, 2**2048 - 1):
        refused(number.to_bytes(256, "big"))
    for number in (1, n - 1):
        assert len(issuer().blind_sign(number.to_bytes(256, "big"))) == 256


def refused(z):
    with pytest.raises(Refusal) as refusal:
        issuer().blind_sign(z)
    assert refusal.value.code == "blinded-message"


def test_a_wrong_calculation_is_never_given_out():
    """What a fault in one prime's half would give away is the key itself."""
    faulty = Issuer(generate_key(2048))
    faulty._power = lambda key, z: plain_power(key, z) ^ 1
    with pytest.raises(ArithmeticError):
        faulty.blind_sign(b"\x01" * 256)


def test_the_self_test_names_the_library_s_operation():
    assert Issuer.self_test() == "library_power"


@pytest.mark.parametrize("broken", [None, "wrong", "raises"])
def test_without_the_library_s_operation_our_own_is_used(monkeypatch, broken):
    if broken is None:
        monkeypatch.delattr(RsaKey, "_decrypt_to_bytes")
    else:
        wrong = {"wrong": lambda self, z: b"\x01", "raises": lambda self: b""}[broken]
        monkeypatch.setattr(RsaKey, "_decrypt_to_bytes", wrong)
    private_power.cache_clear()
    try:
        assert Issuer.self_test() == "plain_power"
        signer = Issuer(generate_key(2048))
        signed = signer.blind_sign(b"\x01" * 256)
        assert pow(int.from_bytes(signed, "big"), 65537, signer.n) == int("01" * 256, 16)
    finally:
        private_power.cache_clear()


def test_without_any_that_is_right_nothing_is_signed(monkeypatch):
    monkeypatch.setattr(module.rfc9474, "BLIND_SIG_SHA256", "00" * 32)
    private_power.cache_clear()
    try:
        with pytest.raises(ArithmeticError, match="9474"):
            Issuer.self_test()
    finally:
        private_power.cache_clear()


def test_a_key_has_exactly_its_bits():
    pem = generate_key(2048)
    assert public_modulus(pem).bit_length() == 2048
    assert Issuer(pem).n == public_modulus(pem)
    assert RSA.import_key(pem).e == 65537
