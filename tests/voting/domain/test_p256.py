import json
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paths import shared
from voting.crypto import p256 as library
from voting.domain import p256
from voting.domain.p256 import ORDER

secrets = st.integers(1, ORDER - 1)


def test_the_constants_are_those_of_the_curve():
    assert p256.on_curve(p256.public_point(1))
    assert p256.multiply(ORDER, p256.BASE) is None
    assert p256.multiply(ORDER - 1, p256.BASE) == (p256.BASE[0], p256.FIELD - p256.BASE[1])


@settings(max_examples=25)
@given(secrets)
def test_public_keys_are_the_library_s(secret):
    assert p256.public_point(secret) == library.public_key(secret)


@given(st.integers(0, 300), st.integers(0, 300))
def test_points_add_like_numbers(one, other):
    points = [p256.multiply(times, p256.BASE) for times in (one, other, one + other)]
    assert p256.add(points[0], points[1]) == points[2]


@given(st.binary(min_size=60, max_size=70) | st.binary(min_size=64, max_size=64))
def test_arbitrary_bytes_are_hardly_ever_a_point(raw):
    for public in (raw, b"\x04" + raw):
        assert p256.on_curve(public) is (p256.decode_point(public) is not None)


def test_other_forms_of_a_point_are_refused():
    public = p256.public_point(7)
    y = int.from_bytes(public[33:], "big")
    signature = library.sign(7, b"m")
    assert p256.on_curve(public)
    assert library.verify(public, b"m", signature)
    for other in (
        bytes([2 + y % 2]) + public[1:33],
        bytes([6 + y % 2]) + public[1:],
        b"\0",
        b"\x04" + bytes(64),
        public[:64] + bytes([public[64] ^ 1]),
        public + b"\0",
        b"\x04" + p256.FIELD.to_bytes(32, "big") + public[33:],
    ):
        assert not p256.on_curve(other)
        assert not p256.verify(other, b"m", signature)
        assert not library.verify(other, b"m", signature)


@settings(max_examples=15)
@given(secrets, st.binary())
def test_a_signature_has_one_low_form(secret, message):
    public, signature = library.public_key(secret), library.sign(secret, message)
    r, s = p256.split(signature)
    assert p256.low_s(r, s) == p256.low_s(r, ORDER - s) == signature
    high = signature[:32] + (ORDER - s).to_bytes(32, "big")
    for verify in (p256.verify, library.verify):
        assert verify(public, message, signature)
        assert not verify(public, message, high)
        assert not verify(public, message + b"x", signature)


@settings(max_examples=30)
@given(st.binary(max_size=80) | st.binary(min_size=64, max_size=64), st.binary(max_size=70))
def test_arbitrary_bytes_are_no_signature(signature, public):
    for key in (public, p256.public_point(7)):
        assert not p256.verify(key, b"m", signature)
        assert not library.verify(key, b"m", signature)


def test_wycheproof_ecdsa_but_for_high_s():
    """Both verifiers agree on all 262; what we add is that the high s of a pair is refused."""
    path = shared("vectors", "wycheproof_ecdsa_secp256r1_sha256_p1363.json")
    seen = high = 0
    for group in json.loads(path.read_text())["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            low = len(signature) == 64 and int.from_bytes(signature[32:], "big") <= ORDER // 2
            expected = case["result"] == "valid" and low
            assert p256.verify(public, message, signature) is expected, case["tcId"]
            assert library.verify(public, message, signature) is expected, case["tcId"]
            if case["result"] == "valid" and not low:
                numbers = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                assert library.verify(public, message, p256.low_s(*numbers)), case["tcId"]
                high += 1
            seen += 1
    assert (seen, high > 0) == (262, True)


def test_a_digest_of_the_message_itself_is_not_the_message():
    public = p256.public_point(7)
    signature = library.sign(7, sha256(b"m").digest())
    assert not library.verify(public, b"m", signature)
